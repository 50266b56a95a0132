#include "memscale/model/softmax_kernel.hpp"

#include <algorithm>

#include "memscale/core/cpu.hpp"

namespace memscale {

namespace {

/// Tiles take 32 coordinates at a time: below this, too many of them are zeros.
constexpr std::int64_t least_amx_dimension = 48;

/// Floats of the versions without tiles: packed queries and their sums, a block of competitors with rows padded by up
/// to 31, and their scores.
std::int64_t vector_workspace(std::int64_t d, std::int64_t queries) {
  return 2 * queries * d + softmax_block * (d + 31) + softmax_block * widest_softmax_panel;
}

/// Floats of softmax_amxbf16, with d rounded up to whole tiles: the queries' sums and, in three bfloat16 parts, the
/// queries; a block of competitors, in parts too, twice; two panels' scores and their exponentials, in parts.
std::int64_t amx_workspace(std::int64_t d, std::int64_t queries) {
  const std::int64_t padded = (d + 31) / 32 * 32, rows = softmax_amx_block(d);
  return queries * padded * 5 / 2 + 3 * rows * padded + 5 * rows * widest_softmax_panel;
}

}  // namespace

std::int64_t softmax_workspace(std::int64_t d, std::int64_t count) {
  const std::int64_t queries = (count + widest_softmax_panel - 1) / widest_softmax_panel * widest_softmax_panel;
  return std::max(vector_workspace(d, queries), amx_workspace(d, queries));
}

std::vector<NamedSoftmaxKernel> softmax_kernels() {
  std::vector<NamedSoftmaxKernel> kernels;
#if defined(MEMSCALE_X86_KERNELS)
  if (cpu_runs(InstructionSet::amx_bf16)) kernels.push_back({"amx", softmax_amxbf16});
  if (cpu_runs(InstructionSet::avx512)) kernels.push_back({"avx512", softmax_avx512});
  if (cpu_runs(InstructionSet::avx2)) kernels.push_back({"avx2", softmax_avx2});
#endif
  kernels.push_back({"plain", softmax_plain});
  return kernels;
}

NamedSoftmaxKernel softmax_kernel_for(std::int64_t d) {
  for (const NamedSoftmaxKernel& kernel : softmax_kernels()) {
    if (kernel.name != "amx" || d >= least_amx_dimension) return kernel;
  }
  return {"plain", softmax_plain};
}

}  // namespace memscale
