#include "memscale/linalg/polar.hpp"

#include <algorithm>
#include <limits>

#include "memscale/linalg/blas.hpp"

namespace memscale {

namespace {

/// U diag(values) V^T
Matrix rebuild(const blas::Svd& factors, const Vector& values) {
  const Matrix left = factors.left * values.asDiagonal();
  Matrix product(factors.left.rows(), factors.right_t.cols());
  blas::gemm(blas::Op::none, blas::Op::none, 1.0, left, factors.right_t, 0.0, product);
  return product;
}

}  // namespace

Matrix polar_factor(const Matrix& g) {
  const blas::Svd factors = blas::svd(g);
  const double cutoff = factors.values.size() == 0 ? 0 : 8 * std::numeric_limits<double>::epsilon() * factors.values(0);
  return rebuild(factors, (factors.values.array() > cutoff).cast<double>().matrix());
}

Matrix regularized_polar_factor(const Matrix& g, double lambda) {
  const blas::Svd factors = blas::svd(g);
  const Vector shrunk = factors.values.unaryExpr([lambda](double s) { return s / std::hypot(s, lambda); });
  return rebuild(factors, shrunk);
}

}  // namespace memscale
