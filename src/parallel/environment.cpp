#include "memscale/parallel/environment.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "memscale/parallel/mpi.hpp"
#include "memscale/parallel/mpi_error.hpp"

namespace memscale {

namespace {

/// Where all ranks are on this node, shared memory is all that Open MPI needs: it would look for fast networks for a
/// quarter of a second. What the environment or mpirun --mca chooses stays, and in a batch job what the cluster's files
/// do.
void choose_transport() {
  const char* ranks = std::getenv("OMPI_COMM_WORLD_SIZE");
  const char* here = std::getenv("OMPI_COMM_WORLD_LOCAL_SIZE");
  if (!ranks || !here || std::strcmp(ranks, here) != 0) return;
  for (const char* choice :
       {"OMPI_MCA_pml", "OMPI_MCA_mtl", "OMPI_MCA_btl", "SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID", "JOB_ID"})
    if (std::getenv(choice)) return;
  ::setenv("OMPI_MCA_pml", "ob1", 0);
}

}  // namespace

MpiEnvironment::MpiEnvironment() {
  choose_transport();
  int provided = MPI_THREAD_SINGLE;
  check_mpi(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided), "MPI_Init_thread");
  if (provided < MPI_THREAD_SERIALIZED)
    throw std::runtime_error("this MPI does not allow threads (MPI_THREAD_SERIALIZED)");
}

MpiEnvironment::~MpiEnvironment() {
  const int code = MPI_Finalize();
  if (code != MPI_SUCCESS) std::fprintf(stderr, "memscale: MPI_Finalize failed (code %d)\n", code);
}

}  // namespace memscale
