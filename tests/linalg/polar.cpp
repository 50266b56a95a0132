#include "memscale/linalg/polar.hpp"

#include <cmath>

#include "catch.hpp"
#include "memscale/linalg/blas.hpp"
#include "random_matrix.hpp"

namespace memscale {

using test::random_matrix;

TEST_CASE("msgn has singular values 1 and leaves a positive semidefinite factor", "[linalg]") {
  std::mt19937_64 generator(5);
  for (int n : {1, 2, 3, 8, 33, 64}) {
    // a power-law spectrum over eight decades, as G(0) has at alpha = 3
    Matrix g = random_matrix(n, n, generator);
    const blas::Svd factors = blas::svd(g);
    Vector spectrum(n);
    for (int k = 0; k < n; ++k) spectrum(k) = std::pow(10.0, -8.0 * k / n);
    g = factors.left * spectrum.asDiagonal() * factors.right_t;
    const Matrix q = polar_factor(g);
    const Vector values = blas::svd(q).values;
    CHECK((values.array() - 1).abs().maxCoeff() < 1e-12);
    const Matrix h = q.transpose() * g;  // G = Q H
    CHECK((h - h.transpose()).norm() < 1e-12 * g.norm());
    CHECK((q - factors.left * factors.right_t).norm() < 1e-6);  // s_n = 1e-8 bounds the error at eps / s_n
  }
}

TEST_CASE("msgn leaves out null directions: sign(0) = 0", "[linalg]") {
  CHECK(polar_factor(Matrix::Zero(4, 4)).norm() == 0);
  std::mt19937_64 generator(6);
  const Matrix low_rank = random_matrix(7, 2, generator) * random_matrix(2, 7, generator);
  const Vector values = blas::svd(polar_factor(low_rank)).values;
  CHECK((values.head(2).array() - 1).abs().maxCoeff() < 1e-12);
  CHECK(values.tail(5).maxCoeff() < 1e-12);
}

TEST_CASE("msgn keeps every direction that float64 resolves", "[linalg]") {
  std::mt19937_64 generator(10);
  const int n = 256;
  const blas::Svd factors = blas::svd(random_matrix(n, n, generator));
  Vector spectrum(n);
  for (int k = 0; k < n; ++k) spectrum(k) = std::pow(10.0, -14.0 * k / (n - 1));  // down to 45 eps s_1
  const Matrix q = polar_factor(factors.left * spectrum.asDiagonal() * factors.right_t);
  CHECK((blas::svd(q).values.array() - 1).abs().maxCoeff() < 1e-12);
}

TEST_CASE("msgn of given factors is msgn of the matrix", "[linalg]") {
  std::mt19937_64 generator(32);
  const Matrix g = random_matrix(11, 11, generator);
  const blas::Svd factors = blas::svd(g);
  CHECK(polar_factor(factors) == polar_factor(g));
  CHECK(regularized_polar_factor(factors, 0.3) == regularized_polar_factor(g, 0.3));
}

TEST_CASE("regularized msgn shrinks s to s / sqrt(s^2 + lambda^2)", "[linalg]") {
  std::mt19937_64 generator(7);
  const Matrix g = random_matrix(9, 9, generator);
  const blas::Svd factors = blas::svd(g);
  const double lambda = 0.7;
  const Matrix h = regularized_polar_factor(g, lambda);
  const Vector expected = factors.values.array() / (factors.values.array().square() + lambda * lambda).sqrt();
  CHECK((blas::svd(h).values - expected).norm() < 1e-12);
  CHECK((regularized_polar_factor(g, 1e-12) - polar_factor(g)).norm() < 1e-10);
}

}  // namespace memscale
