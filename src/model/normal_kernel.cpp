#include "memscale/model/normal_kernel.hpp"

#include "memscale/core/cpu.hpp"

namespace memscale {

NormalKernel* best_normal_kernel() {
#if defined(MEMSCALE_X86_KERNELS)
  if (cpu_runs(InstructionSet::avx512)) return normals_avx512;
  if (cpu_runs(InstructionSet::avx2)) return normals_avx2;
#endif
  return normals_plain;
}

}  // namespace memscale
