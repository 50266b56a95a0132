#include "memscale/model/softmax_kernel.hpp"

namespace memscale {

std::int64_t softmax_workspace(std::int64_t d, std::int64_t count) {
  const std::int64_t padded = (count + widest_softmax_panel - 1) / widest_softmax_panel * widest_softmax_panel;
  // packed queries and their sums, a block of competitors with rows padded by up to 31, and their scores
  return 2 * padded * d + softmax_block * (d + 31) + softmax_block * widest_softmax_panel;
}

std::vector<NamedSoftmaxKernel> softmax_kernels() {
  std::vector<NamedSoftmaxKernel> kernels;
#if defined(MEMSCALE_X86_KERNELS)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) {
    kernels.push_back({"avx512", softmax_avx512});
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) kernels.push_back({"avx2", softmax_avx2});
#endif
  kernels.push_back({"plain", softmax_plain});
  return kernels;
}

}  // namespace memscale
