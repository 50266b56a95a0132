#pragma once

namespace memscale {

/// MPI from construction to destruction. One a process. MPI calls belong to the thread that made it
/// (MPI_THREAD_FUNNELED); other threads may run.
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
