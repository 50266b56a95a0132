#pragma once

#include <cstdint>
#include <vector>

#include "memscale/linalg/matrix.hpp"
#include "memscale/model/exact_product_kernel.hpp"

namespace memscale {

/// W packed for the kernels: W v in float64, the same bits on any CPU and for any grouping of the vectors.
class ExactProduct {
 public:
  /// `weights` (d, d)
  explicit ExactProduct(const Matrix& weights);

  /// Rows W v_i of the rows v_i of `v` (count, d).
  Matrix operator()(const Matrix& v) const;

 private:
  std::int64_t d_;
  std::vector<double> panels_;
};

}  // namespace memscale
