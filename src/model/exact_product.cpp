#include "memscale/model/exact_product.hpp"

#include "memscale/core/cpu.hpp"

namespace memscale {

namespace {

std::int64_t panel_count(std::int64_t d) {
  return (d + exact_lanes - 1) / exact_lanes;
}

}  // namespace

ExactProductKernel* best_exact_product() {
#if defined(MEMSCALE_X86_KERNELS)
  if (cpu_runs(InstructionSet::avx512)) return exact_product_avx512;
  if (cpu_runs(InstructionSet::avx2)) return exact_product_avx2;
#endif
  return exact_product_plain;
}

ExactProduct::ExactProduct(const Matrix& weights)
    : d_(weights.rows()), panels_(static_cast<std::size_t>(panel_count(d_) * exact_lanes * d_), 0.0) {
  for (std::int64_t r = 0; r < d_; ++r) {
    double* panel = panels_.data() + r / exact_lanes * exact_lanes * d_ + r % exact_lanes;
    for (std::int64_t k = 0; k < d_; ++k) panel[k * exact_lanes] = weights(r, k);
  }
}

Matrix ExactProduct::operator()(const Matrix& v) const {
  Matrix x(v.rows(), panel_count(d_) * exact_lanes);
  best_exact_product()(panels_.data(), d_, v.data(), v.rows(), x.data());
  x.conservativeResize(Eigen::NoChange, d_);
  return x;
}

}  // namespace memscale
