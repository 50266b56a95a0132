#pragma once

#include <cstdint>

namespace memscale {

/// e_k = exp(s_k - top), (columns), in float64, and their sum, each as often as counts_k says. No s_k above top; NaN
/// for NaN, 0 below 1e-307.
using ExpKernel = double(const double* s, double top, const double* counts, std::int64_t columns, double* e);

/// One source, one function an instruction set, the same bytes from each. Those of other CPUs must not be called.
ExpKernel exp_sum_plain;
#if defined(MEMSCALE_X86_KERNELS)
ExpKernel exp_sum_avx2;
ExpKernel exp_sum_avx512;
#endif

/// The fastest that this CPU can run.
ExpKernel* best_exp_kernel();

}  // namespace memscale
