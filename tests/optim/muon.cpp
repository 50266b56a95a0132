#include <Eigen/Eigenvalues>
#include <stdexcept>

#include "catch.hpp"
#include "memscale/linalg/newton_schulz.hpp"
#include "memscale/linalg/polar.hpp"
#include "problem.hpp"

namespace memscale {

using test::Problem;

namespace {

/// h_lambda(M) = (M M^T + lambda^2 I)^(-1/2) M; msgn(M) for lambda = 0.
Matrix by_eigenvalues(const Matrix& m, double lambda) {
  const Eigen::MatrixXd square = m * m.transpose() + lambda * lambda * Matrix::Identity(m.rows(), m.rows());
  return Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(square).operatorInverseSqrt() * m;
}

}  // namespace

TEST_CASE("muon is msgn of the gradient, by the orthogonalizer asked for", "[optim]") {
  using enum Orthogonalizer;
  Problem problem(8, 100, 1.5, 0);
  const Matrix exact = by_eigenvalues(problem.gradient, 0);
  CHECK((problem.update({.kind = OptimizerKind::muon, .orthogonalizer = svd}) - exact).norm() < 1e-9);
  for (double lambda : {1e-3, 0.1})
    CHECK((problem.update({.kind = OptimizerKind::muon, .orthogonalizer = regularized, .lambda = lambda}) -
           by_eigenvalues(problem.gradient, lambda))
              .norm() < 1e-9);
  CHECK((problem.update({.kind = OptimizerKind::muon,
                         .orthogonalizer = newton_schulz,
                         .ns_coefficients = NewtonSchulzSet::quintic,
                         .ns_steps = 40}) -
         exact)
            .norm() < 1e-9);
  CHECK_THROWS_AS(problem.update({.kind = OptimizerKind::muon}), std::invalid_argument);
  CHECK_THROWS_AS(problem.update({.kind = OptimizerKind::muon, .orthogonalizer = newton_schulz}),
                  std::invalid_argument);
}

TEST_CASE("muon orthogonalises the momentum M <- mu M + G", "[optim]") {
  using enum Orthogonalizer;
  Problem problem(7, 60, 1.5, 0);
  const auto gradients = test::random_gradients(7, 44);
  const auto steps = newton_schulz_coefficients(NewtonSchulzSet::jordan, 5, 0);
  for (double mu : {0.0, 0.5, 0.95}) {
    const auto updates = [&](Orthogonalizer method) {
      return problem.updates({.kind = OptimizerKind::muon,
                              .orthogonalizer = method,
                              .lambda = 0.2,
                              .ns_coefficients = NewtonSchulzSet::jordan,
                              .ns_steps = 5,
                              .momentum = mu},
                             gradients);
    };
    const auto exact = updates(svd), shrunk = updates(regularized), iterated = updates(newton_schulz);
    Matrix m = Matrix::Zero(7, 7);
    for (std::size_t t = 0; t < gradients.size(); ++t) {
      m = mu * m + gradients[t];
      CHECK((exact[t] - by_eigenvalues(m, 0)).norm() < 1e-9);
      CHECK((shrunk[t] - by_eigenvalues(m, 0.2)).norm() < 1e-9);
      CHECK((iterated[t] - memscale::newton_schulz(m, steps)).norm() < 1e-12);
    }
  }
}

TEST_CASE("muon's direction is its momentum", "[optim]") {
  using enum Orthogonalizer;
  Problem problem(4, 60, 1.5, 0);
  const auto gradients = test::random_gradients(4, 45);
  const auto plain = make_optimizer({.kind = OptimizerKind::muon, .orthogonalizer = svd});
  const auto heavy = make_optimizer({.kind = OptimizerKind::muon, .orthogonalizer = svd, .momentum = 0.8});
  Matrix m = Matrix::Zero(4, 4);
  for (const Matrix& g : gradients) {
    problem.factors = blas::svd(g);
    plain->update(g, problem.context);
    heavy->update(g, problem.context);
    m = 0.8 * m + g;
    CHECK(&plain->direction(g) == &g);
    CHECK((heavy->direction(g) - m).norm() < 1e-14);
  }
}

TEST_CASE("muon takes the shared factors where they are its own: without momentum, and at the first step", "[optim]") {
  using enum Orthogonalizer;
  Problem problem(4, 60, 1.5, 0);
  const auto gradients = test::random_gradients(4, 46);
  const auto asked = [&](Orthogonalizer method, double mu) {
    problem.factors_asked = 0;
    problem.updates({.kind = OptimizerKind::muon,
                     .orthogonalizer = method,
                     .lambda = 0.1,
                     .ns_coefficients = NewtonSchulzSet::cubic,
                     .ns_steps = 3,
                     .momentum = mu},
                    gradients);
    return problem.factors_asked;
  };
  CHECK(asked(svd, 0) == 4);
  CHECK(asked(regularized, 0) == 4);
  CHECK(asked(svd, 0.9) == 1);
  CHECK(asked(regularized, 0.9) == 1);
  CHECK(asked(newton_schulz, 0) == 0);
}

TEST_CASE("muon's rank is that of the gradient where items do not span d dimensions", "[optim]") {
  using enum Orthogonalizer;
  for (const auto& [d, items, alpha] :
       {std::tuple{8, 1, 1.5}, {16, 8, 3.0}, {64, 40, 1.5}, {64, 63, 1.5}, {200, 20, 1.0}}) {
    Problem problem(d, items, alpha, 0);
    const Matrix update = problem.update({.kind = OptimizerKind::muon, .orthogonalizer = svd});
    // sum_i (u_i - mean u) = 0: one direction less than items; ||msgn||_F^2 counts its singular values of 1
    CHECK(update.squaredNorm() == Approx(items - 1).margin(1e-9));
  }
}

}  // namespace memscale
