#pragma once

namespace memscale {

/// MPI from construction to destruction. One a process. Any thread may call MPI, one at a time (MPI_THREAD_SERIALIZED):
/// Communicator sees to that.
class MpiEnvironment {
 public:
  /// Collective: every rank. Throws MpiError.
  MpiEnvironment();
  /// Collective: every rank; waits for all. Says so on stderr if it fails.
  ~MpiEnvironment();
  MpiEnvironment(const MpiEnvironment&) = delete;
  MpiEnvironment& operator=(const MpiEnvironment&) = delete;
};

}  // namespace memscale
