#include "memscale/model/task_basis.hpp"

#include <cmath>

#include "catch.hpp"
#include "random_matrix.hpp"

using namespace memscale;

namespace {

/// E or E~, read off from what becomes of unit matrices: to_raw(S) = E S E~^T.
Matrix gram(const TaskBasis& basis, Eigen::Index d) {
  const Matrix raw = basis.to_raw(Matrix::Identity(d, d));
  return raw * raw.transpose();
}

}  // namespace

TEST_CASE("bases turn scores by orthogonal matrices, and back") {
  std::mt19937_64 generator(3);
  for (TaskBasisKind kind : {TaskBasisKind::identity, TaskBasisKind::coupled, TaskBasisKind::haar})
    for (Eigen::Index d : {3, 6, 27}) {
      INFO(name_of(kind) << " " << d);
      const TaskBasis basis(kind, d, 5);
      const Matrix s = test::random_matrix(d, d, generator);
      CHECK((basis.to_task(basis.to_raw(s)) - s).cwiseAbs().maxCoeff() < 1e-13);
      CHECK(basis.to_raw(s).norm() == Approx(s.norm()).epsilon(1e-13));
      CHECK((gram(basis, d) - Matrix::Identity(d, d)).cwiseAbs().maxCoeff() < 1e-13);
    }
}

TEST_CASE("the coupled basis has the paper's rotations in its diagonal blocks") {
  const auto rotation = [](double a, double b, double c) {
    const auto z = [](double t) {
      return (Matrix(3, 3) << std::cos(t), -std::sin(t), 0, std::sin(t), std::cos(t), 0, 0, 0, 1).finished();
    };
    const Matrix y = (Matrix(3, 3) << std::cos(b), 0, std::sin(b), 0, 1, 0, -std::sin(b), 0, std::cos(b)).finished();
    return Matrix(z(a) * y * z(c));
  };
  const Matrix inputs = rotation(1.715, 0.876, 3.098), outputs = rotation(3.638, 2.949, 5.218);
  Matrix e = Matrix::Zero(6, 6), e_tilde = e;
  for (int block : {0, 3}) {
    e.block(block, block, 3, 3) = inputs;
    e_tilde.block(block, block, 3, 3) = outputs;
  }
  std::mt19937_64 generator(4);
  const Matrix s = test::random_matrix(6, 6, generator);
  CHECK((TaskBasis(TaskBasisKind::coupled, 6, 1).to_raw(s) - e * s * e_tilde.transpose()).cwiseAbs().maxCoeff() <
        1e-14);
  CHECK_THROWS_AS(TaskBasis(TaskBasisKind::coupled, 7, 1), std::invalid_argument);
}

TEST_CASE("haar bases differ by seed, inputs from outputs, and have the moments of uniform ones") {
  const Eigen::Index d = 8;
  const auto turned = [&](std::uint64_t seed) {
    return TaskBasis(TaskBasisKind::haar, d, seed).to_raw(Matrix::Identity(d, d));
  };
  CHECK(turned(1) == turned(1));
  CHECK((turned(1) - turned(2)).norm() > 0.5);
  CHECK((turned(1) - Matrix::Identity(d, d)).norm() > 0.5);
  // E E~^T is uniform, too: trace has mean 0 and variance 1
  double sum = 0, squares = 0;
  constexpr int seeds = 400;
  for (int seed = 0; seed < seeds; ++seed) {
    const double trace = turned(static_cast<std::uint64_t>(seed)).trace();
    sum += trace;
    squares += trace * trace;
  }
  CHECK(std::abs(sum / seeds) < 0.2);  // 4 standard errors
  CHECK(squares / seeds == Approx(1).margin(4 * std::sqrt(2.0 / seeds)));
}
