#include "memscale/model/exp_kernel.hpp"

#include "memscale/core/cpu.hpp"

namespace memscale {

ExpKernel* best_exp_kernel() {
#if defined(MEMSCALE_X86_KERNELS)
  if (cpu_runs(InstructionSet::avx512)) return exp_sum_avx512;
  if (cpu_runs(InstructionSet::avx2)) return exp_sum_avx2;
#endif
  return exp_sum_plain;
}

}  // namespace memscale
