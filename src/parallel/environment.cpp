#include "memscale/parallel/environment.hpp"

#include <cstdio>
#include <stdexcept>

#include "memscale/parallel/mpi.hpp"
#include "memscale/parallel/mpi_error.hpp"

namespace memscale {

MpiEnvironment::MpiEnvironment() {
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
