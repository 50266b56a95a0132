#pragma once

#include <cstdint>

namespace memscale {

/// Philox blocks that a kernel makes at a time.
inline constexpr int normal_lanes = 64;

/// normals[w][lane] = the w-th standard normal of Philox block first_block + lane, counter (block, item, domain), key =
/// seed: words 0, 1 give normals 0, 1 and words 2, 3 give normals 2, 3.
using NormalKernel = void(std::uint64_t seed, std::uint32_t domain, std::uint64_t item, std::uint32_t first_block,
                          double (*normals)[normal_lanes]);

/// One source, one function an instruction set, the same bytes from each. Those of other CPUs must not be called.
NormalKernel normals_plain;
#if defined(MEMSCALE_X86_KERNELS)
NormalKernel normals_avx2;
NormalKernel normals_avx512;
#endif

/// The fastest that this CPU can run.
NormalKernel* best_normal_kernel();

}  // namespace memscale
