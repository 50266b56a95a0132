#include "memscale/core/launcher.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

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

}  // namespace memscale
