#include "memscale/model/exact_product_kernel.hpp"

// Compiled once for each instruction set (MEMSCALE_KERNEL names the function). Separate multiplications and additions
// in one order: all versions give the same bytes.

namespace memscale {

namespace {

using Octet = double __attribute__((vector_size(64), aligned(8)));

static_assert(exact_lanes == 16, "two octets a panel");

/// x (rows, stride) <- one panel times `rows` vectors.
template <int rows>
inline void multiply(const double* panel, std::int64_t d, const double* v, double* x, std::int64_t stride) {
  Octet sum[rows][2] = {};
  for (std::int64_t k = 0; k < d; ++k) {
    const auto* w = reinterpret_cast<const Octet*>(panel + k * exact_lanes);
    const Octet low = w[0], high = w[1];
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i) {
      const double scalar = v[i * d + k];
      sum[i][0] += low * scalar;
      sum[i][1] += high * scalar;
    }
  }
  for (int i = 0; i < rows; ++i) {
    auto* out = reinterpret_cast<Octet*>(x + i * stride);
    out[0] = sum[i][0];
    out[1] = sum[i][1];
  }
}

}  // namespace

void MEMSCALE_KERNEL(const double* panels, std::int64_t d, const double* v, std::int64_t count, double* x) {
  constexpr int rows = 6;
  const std::int64_t panel_count = (d + exact_lanes - 1) / exact_lanes, stride = panel_count * exact_lanes;
  for (std::int64_t panel = 0; panel < panel_count; ++panel) {
    const double* w = panels + panel * exact_lanes * d;
    double* out = x + panel * exact_lanes;
    std::int64_t i = 0;
    for (; i + rows <= count; i += rows) multiply<rows>(w, d, v + i * d, out + i * stride, stride);
    for (; i < count; ++i) multiply<1>(w, d, v + i * d, out + i * stride, stride);
  }
}

}  // namespace memscale
