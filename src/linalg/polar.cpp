#include "memscale/linalg/polar.hpp"

#include <cmath>

#include "memscale/linalg/spectrum.hpp"

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

Matrix polar_factor(const blas::Svd& factors) {
  return polar_factor(factors, factors.values.size() == 0 ? 0 : singular_value_cutoff(factors.values));
}

Matrix polar_factor(const blas::Svd& factors, double cutoff) {
  return rebuild(factors, (factors.values.array() > cutoff).cast<double>().matrix());
}

Matrix polar_factor(const Matrix& g) {
  return polar_factor(blas::svd(g));
}

Matrix regularized_polar_factor(const blas::Svd& factors, double lambda) {
  return rebuild(factors, factors.values.unaryExpr([lambda](double s) { return s / std::hypot(s, lambda); }));
}

Matrix regularized_polar_factor(const Matrix& g, double lambda) {
  return regularized_polar_factor(blas::svd(g), lambda);
}

}  // namespace memscale
