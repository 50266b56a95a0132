#include <Eigen/LU>

#include "brute_force.hpp"
#include "catch.hpp"
#include "memscale/linalg/polar.hpp"
#include "memscale/model/frequencies.hpp"
#include "memscale/model/gradient.hpp"
#include "memscale/optim/make_optimizer.hpp"
#include "random_matrix.hpp"

namespace memscale {

namespace {

/// A small problem with everything that an optimizer may ask for.
struct Problem {
  GaussianMemory memory;
  Vector p;
  Matrix gradient = gradient_at_zero(memory, p);
  Matrix covariance = output_covariance(memory);
  StepContext context{memory, p, [this]() -> const Matrix& { return covariance; }};

  Problem(int d, int items, double alpha, double kappa)
      : memory(make_gaussian_memory(d, items, kappa, static_cast<std::uint64_t>(100 * d + items))),
        p(zipf_frequencies(items, alpha)) {}
  Problem(const Problem&) = delete;

  Matrix update(const OptimizerOptions& options) const { return make_optimizer(options)->update(gradient, context); }
};

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

TEST_CASE("gd is the gradient", "[optim]") {
  const Problem problem(5, 40, 1.5, 0);
  CHECK(problem.update({.kind = OptimizerKind::gd}) == problem.gradient);
}

TEST_CASE("muon is msgn of the gradient, by the orthogonalizer asked for", "[optim]") {
  const Problem problem(8, 100, 1.5, 0);
  const Matrix exact = polar_factor(problem.gradient);
  using enum Orthogonalizer;
  CHECK(problem.update({.kind = OptimizerKind::muon, .orthogonalizer = svd}) == exact);
  CHECK((problem.update({.kind = OptimizerKind::muon, .orthogonalizer = regularized, .lambda = 1e-14}) - exact).norm() <
        1e-6);
  CHECK((problem.update({.kind = OptimizerKind::muon, .orthogonalizer = regularized, .lambda = 0.1}) -
         regularized_polar_factor(problem.gradient, 0.1))
            .norm() == 0);
  CHECK((problem.update({.kind = OptimizerKind::muon,
                         .orthogonalizer = newton_schulz,
                         .ns_coefficients = NewtonSchulzSet::quintic,
                         .ns_steps = 40}) -
         exact)
            .norm() < 1e-9);
  CHECK_THROWS_AS(problem.update({.kind = OptimizerKind::muon}), std::invalid_argument);
}

TEST_CASE("muon's rank is that of the gradient where items do not span d dimensions", "[optim]") {
  for (const auto& [d, items, alpha] :
       {std::tuple{8, 1, 1.5}, {16, 8, 3.0}, {64, 40, 1.5}, {64, 63, 1.5}, {200, 20, 1.0}}) {
    const Problem problem(d, items, alpha, 0);
    const Matrix update = problem.update({.kind = OptimizerKind::muon, .orthogonalizer = Orthogonalizer::svd});
    // sum_i (u_i - mean u) = 0: one direction less than items; ||msgn||_F^2 counts its singular values of 1
    CHECK(update.squaredNorm() == Approx(items - 1).margin(1e-9));
  }
}

TEST_CASE("newton solves the Hessian system built densely", "[optim]") {
  for (const auto& [d, kappa] : {std::pair{1, 0.0}, {2, 0.0}, {3, 1.0}, {4, 0.0}, {5, 0.5}, {6, 0.0}}) {
    const Problem problem(d, 60, 1.25, kappa);
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
  const Problem problem(4, 50, 1.5, 0);
  const double ridge = 0.3;
  Matrix second_moment = ridge * Matrix::Identity(4, 4);
  for (int i = 0; i < 50; ++i)
    second_moment +=
        problem.p(i) * problem.memory.v.row(i).transpose().cast<double>() * problem.memory.v.row(i).cast<double>();
  const Matrix expected = problem.covariance.inverse() * problem.gradient * second_moment.inverse();
  CHECK((problem.update({.kind = OptimizerKind::newton, .ridge = ridge}) - expected).norm() < 1e-9 * expected.norm());
}

TEST_CASE("newton says so where the Hessian is singular", "[optim]") {
  const Problem problem(6, 4, 1.5, 0);  // four outputs do not span six dimensions
  CHECK_THROWS_AS(problem.update({.kind = OptimizerKind::newton, .ridge = 1e-8}), std::runtime_error);
}

}  // namespace memscale
