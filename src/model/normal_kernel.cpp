#include "memscale/model/normal_kernel.hpp"

namespace memscale {

NormalKernel* best_normal_kernel() {
#if defined(MEMSCALE_X86_KERNELS)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) return normals_avx512;
  if (__builtin_cpu_supports("avx2")) return normals_avx2;
#endif
  return normals_plain;
}

}  // namespace memscale
