#include "memscale/linalg/blas.hpp"

#include <thread>

#include "catch.hpp"
#include "random_matrix.hpp"

namespace memscale {

using blas::Op;
using test::random_matrix;

TEST_CASE("gemm equals the triple sum for every transposition and odd shapes", "[linalg]") {
  std::mt19937_64 generator(1);
  for (int repeat = 0; repeat < 40; ++repeat) {
    std::uniform_int_distribution<int> size(1, 23);
    const int m = size(generator), n = size(generator), k = size(generator);
    const Op op_a = repeat & 1 ? Op::transpose : Op::none, op_b = repeat & 2 ? Op::transpose : Op::none;
    const Matrix a = op_a == Op::none ? random_matrix(m, k, generator) : random_matrix(k, m, generator);
    const Matrix b = op_b == Op::none ? random_matrix(k, n, generator) : random_matrix(n, k, generator);
    Matrix c = random_matrix(m, n, generator), expected = c;
    for (int i = 0; i < m; ++i)
      for (int j = 0; j < n; ++j) {
        double sum = 0;
        for (int l = 0; l < k; ++l)
          sum += (op_a == Op::none ? a(i, l) : a(l, i)) * (op_b == Op::none ? b(l, j) : b(j, l));
        expected(i, j) = 2 * sum - 0.5 * c(i, j);
      }
    blas::gemm(op_a, op_b, 2.0, a, b, -0.5, c);
    CHECK((c - expected).norm() <= 1e-13 * (1 + expected.norm()));
    MatrixF cf(m, n);
    blas::gemm(op_a, op_b, 1.0f, a.cast<float>(), b.cast<float>(), 0.0f, cf);
    Matrix c1(m, n);
    blas::gemm(op_a, op_b, 1.0, a, b, 0.0, c1);
    CHECK((cf.cast<double>() - c1).norm() <= 1e-5 * (1 + c1.norm()));
  }
}

TEST_CASE("gemm works on rows of a larger matrix and refuses shapes that do not agree", "[linalg]") {
  std::mt19937_64 generator(2);
  const Matrix a = random_matrix(9, 4, generator), b = random_matrix(4, 5, generator);
  Matrix c(3, 5);
  blas::gemm(Op::none, Op::none, 1.0, a.middleRows(2, 3), b, 0.0, c);
  CHECK((c - a.middleRows(2, 3) * b).norm() < 1e-13);
  CHECK_THROWS_AS(blas::gemm(Op::none, Op::none, 1.0, a, a, 0.0, c), std::invalid_argument);
}

TEST_CASE("svd rebuilds the matrix from orthonormal factors", "[linalg]") {
  std::mt19937_64 generator(3);
  for (const auto& [rows, cols] : {std::pair{1, 1}, {5, 5}, {7, 3}, {3, 8}, {40, 40}}) {
    const Matrix a = random_matrix(rows, cols, generator);
    const blas::Svd factors = blas::svd(a);
    const int k = std::min(rows, cols);
    CHECK((factors.left * factors.values.asDiagonal() * factors.right_t - a).norm() < 1e-13 * a.norm());
    CHECK((factors.left.transpose() * factors.left - Matrix::Identity(k, k)).norm() < 1e-13 * k);
    CHECK((factors.right_t * factors.right_t.transpose() - Matrix::Identity(k, k)).norm() < 1e-13 * k);
    for (int i = 1; i < k; ++i) CHECK(factors.values(i - 1) >= factors.values(i));
  }
}

TEST_CASE("singular_values are those of svd", "[linalg]") {
  std::mt19937_64 generator(31);
  for (const auto& [rows, cols] : {std::pair{1, 1}, {5, 5}, {7, 3}, {3, 8}, {90, 90}}) {
    const Matrix a = random_matrix(rows, cols, generator);
    const Vector values = blas::singular_values(a);
    REQUIRE(values.size() == std::min(rows, cols));
    CHECK((values - blas::svd(a).values).norm() < 1e-13 * a.norm());
  }
  CHECK(blas::singular_values(Matrix::Zero(3, 3)) == Vector::Zero(3));
  CHECK(blas::singular_values(Matrix(0, 4)).size() == 0);
}

TEST_CASE("seconds adds up the calls of all threads", "[linalg]") {
  const Matrix a = Matrix::Constant(64, 64, 0.5);
  const auto multiply = [&a] {
    Matrix c(64, 64);
    blas::gemm(Op::none, Op::none, 1.0, a, a, 0.0, c);
  };
  const double before = blas::seconds();
  multiply();
  const double after_own = blas::seconds();
  CHECK(after_own > before);
  std::thread(multiply).join();
  CHECK(blas::seconds() > after_own);
}

TEST_CASE("solve_positive_definite solves, and says where it cannot", "[linalg]") {
  std::mt19937_64 generator(4);
  const Matrix root = random_matrix(6, 6, generator), a = root * root.transpose() + Matrix::Identity(6, 6);
  const Matrix b = random_matrix(6, 2, generator);
  Matrix x = b;
  REQUIRE(blas::solve_positive_definite(a, x));
  CHECK((a * x - b).norm() < 1e-12);
  Matrix singular = Matrix::Zero(6, 6);
  singular(0, 0) = 1;
  CHECK_FALSE(blas::solve_positive_definite(singular, x));
}

}  // namespace memscale
