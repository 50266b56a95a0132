#pragma once

#include <cstdint>

namespace memscale {

/// Philox blocks that a kernel makes at a time.
inline constexpr int normal_lanes = 64;

/// rows[i][k] = scale_k z_ik in float32, (items, d), for items first_item .. first_item + items - 1. z_ik is the w-th
/// standard normal, w = k mod 4, of the Philox block with counter (k / 4, item, domain) and key `seed`: words 0, 1 give
/// normals 0, 1 and words 2, 3 give normals 2, 3. With B = ceil(d / 4), scales[w][b] = scale of coordinate
/// 4 (b mod B) + w (any past the last), (4, B + normal_lanes).
using NormalKernel = void(std::uint64_t seed, std::uint32_t domain, std::uint64_t first_item, std::int64_t items,
                          std::int64_t d, const double* scales, float* rows);

/// One source, one function an instruction set, the same bytes from each. Those of other CPUs must not be called.
NormalKernel normals_plain;
#if defined(MEMSCALE_X86_KERNELS)
NormalKernel normals_avx2;
NormalKernel normals_avx512;
#endif

/// The fastest that this CPU can run.
NormalKernel* best_normal_kernel();

}  // namespace memscale
