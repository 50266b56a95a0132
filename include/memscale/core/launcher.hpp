#pragma once

namespace memscale {

/// Whether an MPI launcher (mpirun, srun) started this process. Where none did, MPI is never initialised.
bool launched_by_mpi();

/// Whether this process is rank 0, or no launcher started it, as the launcher's environment tells before MPI is
/// initialised.
bool is_first_rank();

}  // namespace memscale
