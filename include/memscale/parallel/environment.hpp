#pragma once

namespace memscale {

/// Whether an MPI launcher (mpirun, srun) started this process. Where none did, MPI is never initialised.
bool launched_by_mpi();

/// Whether this process is rank 0, or no launcher started it, as the launcher's environment tells before MPI is
/// initialised.
bool is_first_rank();

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
