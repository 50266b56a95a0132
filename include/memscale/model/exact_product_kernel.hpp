#pragma once

#include <cstdint>

namespace memscale {

/// Rows of W^T that a panel holds side by side.
inline constexpr std::int64_t exact_lanes = 16;

/// x_i = W v_i, i < count, as sum_k W_rk v_ik in the order of k without contraction: the same bytes from each version.
/// `panels` (ceil(d / exact_lanes), d, exact_lanes) holds W_rk at [r / lanes][k][r % lanes], `v` (count, d), `x`
/// (count, d rounded up to exact_lanes).
using ExactProductKernel = void(const double* panels, std::int64_t d, const double* v, std::int64_t count, double* x);

ExactProductKernel exact_product_plain;
#if defined(MEMSCALE_X86_KERNELS)
ExactProductKernel exact_product_avx2;
ExactProductKernel exact_product_avx512;
#endif

/// The fastest that this CPU can run.
ExactProductKernel* best_exact_product();

}  // namespace memscale
