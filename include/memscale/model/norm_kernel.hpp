#pragma once

#include <cstdint>

namespace memscale {

/// sum_k (scale_k x_k)^2, (columns), in float64.
using NormKernel = double(const float* x, const float* scale, std::int64_t columns);

/// One source, one function an instruction set, the same bytes from each. Those of other CPUs must not be called.
NormKernel squared_norm_plain;
#if defined(MEMSCALE_X86_KERNELS)
NormKernel squared_norm_avx2;
NormKernel squared_norm_avx512;
#endif

/// The fastest that this CPU can run.
NormKernel* best_norm_kernel();

}  // namespace memscale
