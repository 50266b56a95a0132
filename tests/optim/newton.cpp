#include <Eigen/LU>

#include "brute_force.hpp"
#include "catch.hpp"
#include "problem.hpp"

namespace memscale {

using test::Problem;

namespace {

/// The Hessian of the loss at W = 0 as a dense (d^2, d^2) matrix, column by column from central differences of the
/// gradient.
Matrix dense_hessian(const Problem& problem) {
  const auto d = problem.gradient.rows();
  const double h = 1e-3;
  Matrix hessian(d * d, d * d);
  for (Eigen::Index column = 0; column < d * d; ++column) {
    Matrix step = Matrix::Zero(d, d);
    step(column / d, column % d) = h;
    const Matrix slope =
        (test::gradient(problem.memory, problem.p, -step) - test::gradient(problem.memory, problem.p, step)) / (2 * h);
    hessian.col(column) = slope.reshaped<Eigen::RowMajor>();
  }
  return hessian;
}

}  // namespace

TEST_CASE("newton solves the Hessian system built densely", "[optim]") {
  for (const auto& [d, kappa] : {std::pair{1, 0.0}, {2, 0.0}, {3, 1.0}, {4, 0.0}, {5, 0.5}, {6, 0.0}}) {
    Problem problem(d, 60, 1.25, kappa);
    const Matrix hessian = dense_hessian(problem);
    const Matrix update = problem.update({.kind = OptimizerKind::newton, .ridge = 0});
    // H vec(update) = vec(G), up to the h^2 of the differences
    const Vector residual = hessian * update.reshaped<Eigen::RowMajor>() - problem.gradient.reshaped<Eigen::RowMajor>();
    CHECK(residual.norm() < 1e-5 * problem.gradient.norm());
    const Vector solved = hessian.fullPivLu().solve(Vector(problem.gradient.reshaped<Eigen::RowMajor>()));
    CHECK((update - solved.reshaped<Eigen::RowMajor>(d, d)).norm() < 1e-3 * update.norm());
  }
}

TEST_CASE("newton's ridge is added to the inputs' second moment", "[optim]") {
  Problem problem(4, 50, 1.5, 0);
  const double ridge = 0.3;
  Matrix second_moment = ridge * Matrix::Identity(4, 4);
  for (int i = 0; i < 50; ++i)
    second_moment +=
        problem.p(i) * problem.memory.v.row(i).transpose().cast<double>() * problem.memory.v.row(i).cast<double>();
  const Matrix expected = problem.covariance.inverse() * problem.gradient * second_moment.inverse();
  CHECK((problem.update({.kind = OptimizerKind::newton, .ridge = ridge}) - expected).norm() < 1e-9 * expected.norm());
}

TEST_CASE("newton says so where the Hessian is singular", "[optim]") {
  Problem problem(6, 4, 1.5, 0);  // four outputs do not span six dimensions
  CHECK_THROWS_AS(problem.update({.kind = OptimizerKind::newton, .ridge = 1e-8}), std::runtime_error);
}

}  // namespace memscale
