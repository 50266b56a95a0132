#include "memscale/parallel/environment.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "memscale/parallel/mpi.hpp"
#include "memscale/parallel/mpi_error.hpp"

namespace memscale {

bool launched_by_mpi() {
  // Open MPI's mpirun; any PMIx launcher (srun --mpi=pmix); PMI-1 and PMI-2 launchers (MPICH's mpiexec, srun)
  constexpr std::array marks{"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "PMI_SIZE"};
  return std::any_of(marks.begin(), marks.end(), [](const char* mark) { return std::getenv(mark) != nullptr; });
}

bool is_first_rank() {
  constexpr std::array marks{"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"};
  return std::none_of(marks.begin(), marks.end(), [](const char* mark) {
    const char* rank = std::getenv(mark);
    return rank != nullptr && std::strcmp(rank, "0") != 0;
  });
}

MpiEnvironment::MpiEnvironment() {
  int provided = MPI_THREAD_SINGLE;
  check_mpi(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided), "MPI_Init_thread");
  if (provided < MPI_THREAD_FUNNELED) throw std::runtime_error("this MPI does not allow threads (MPI_THREAD_FUNNELED)");
}

MpiEnvironment::~MpiEnvironment() {
  const int code = MPI_Finalize();
  if (code != MPI_SUCCESS) std::fprintf(stderr, "memscale: MPI_Finalize failed (code %d)\n", code);
}

}  // namespace memscale
