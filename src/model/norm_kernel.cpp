#include "memscale/model/norm_kernel.hpp"

#include "memscale/core/cpu.hpp"

namespace memscale {

NormKernel* best_norm_kernel() {
#if defined(MEMSCALE_X86_KERNELS)
  if (cpu_runs(InstructionSet::avx512)) return squared_norm_avx512;
  if (cpu_runs(InstructionSet::avx2)) return squared_norm_avx2;
#endif
  return squared_norm_plain;
}

}  // namespace memscale
