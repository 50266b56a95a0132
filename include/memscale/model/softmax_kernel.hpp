#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace memscale {

/// Queries x_i of items own_i, and what softmax over their competitors j != own_i, with scores t_ij = u_j . x_i in
/// bits, makes of them. All matrices are row-major and without gaps.
struct SoftmaxQueries {
  std::int64_t count;       ///< 1 to most_softmax_queries
  const std::int64_t* own;  ///< (count)
  const float* x;           ///< (count, d)
  double* log2_sum;         ///< (count), out: log2 sum_j 2^t_ij; -inf where there is no competitor
  float* mean;              ///< (count, d), out: sum_j 2^t_ij u_j / sum_j 2^t_ij, or 0; null where it is not wanted
};

inline constexpr std::int64_t most_softmax_queries = 512;
inline constexpr std::int64_t widest_softmax_panel = 32;  ///< queries that a kernel scores side by side, at most
inline constexpr std::int64_t softmax_block = 224;  ///< competitors at a time, at most: 32 x 224 scores are 28 KiB

/// `u` (items, d), row-major. `workspace` has softmax_workspace(d, count) floats and is aligned to 64 bytes. Each
/// query's numbers are the same bits whichever others it comes with. Wants denormal numbers to count as 0 (they are
/// slow, not wrong).
using SoftmaxKernel = void(const float* u, std::int64_t items, std::int64_t d, const SoftmaxQueries& queries,
                           float* workspace);

/// One function an instruction set; their numbers agree to rounding. Those of other CPUs must not be called, and
/// softmax_amxbf16 not before softmax_kernels() has listed it: Linux grants the tiles on its request.
SoftmaxKernel softmax_plain;
#if defined(MEMSCALE_X86_KERNELS)
SoftmaxKernel softmax_avx2;
SoftmaxKernel softmax_avx512;
SoftmaxKernel softmax_amxbf16;
#endif

/// Competitors at a time of softmax_amxbf16: each of their numbers takes 12 bytes of the second-level cache.
constexpr std::int64_t softmax_amx_block(std::int64_t d) {
  return d <= 256 ? 192 : d <= 512 ? 128 : 64;
}

/// Floats that a kernel needs beside its arguments.
std::int64_t softmax_workspace(std::int64_t d, std::int64_t count);

struct NamedSoftmaxKernel {
  std::string_view name;
  SoftmaxKernel* run;
};

/// All that this CPU, and Linux on it, can run, the fastest in high dimensions first.
std::vector<NamedSoftmaxKernel> softmax_kernels();

/// The fastest of them in d dimensions.
NamedSoftmaxKernel softmax_kernel_for(std::int64_t d);

}  // namespace memscale
