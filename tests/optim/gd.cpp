#include <cmath>

#include "catch.hpp"
#include "problem.hpp"

namespace memscale {

using test::Problem;

TEST_CASE("gd is the gradient", "[optim]") {
  Problem problem(5, 40, 1.5, 0);
  CHECK(problem.update({.kind = OptimizerKind::gd}) == problem.gradient);
  const auto optimizer = make_optimizer({.kind = OptimizerKind::gd});
  CHECK(&optimizer->direction(problem.gradient) == &problem.gradient);
}

TEST_CASE("ngd is the gradient over its norm, at every step", "[optim]") {
  Problem problem(6, 40, 1.5, 0);
  const auto gradients = test::random_gradients(6, 41);
  const auto updates = problem.updates({.kind = OptimizerKind::ngd}, gradients);
  for (std::size_t t = 0; t < gradients.size(); ++t) {
    double squares = 0;
    for (double entry : gradients[t].reshaped()) squares += entry * entry;
    CHECK((updates[t] - gradients[t] / std::sqrt(squares)).norm() < 1e-15);
  }
  const std::vector<Matrix> tiny{1e-200 * gradients[0], Matrix::Zero(6, 6)};
  const auto of_tiny = problem.updates({.kind = OptimizerKind::ngd}, tiny);
  CHECK(of_tiny[0].norm() == Approx(1).epsilon(1e-13));
  CHECK(of_tiny[1] == Matrix::Zero(6, 6));
}

TEST_CASE("signgd is the sign of each entry, 0 for 0", "[optim]") {
  Problem problem(3, 10, 1.5, 0);
  const Matrix g = (Matrix(3, 3) << 0.5, -2, 0, 1e-300, -1e-300, -0.0, 7, 0, -7).finished();
  const Matrix signs = (Matrix(3, 3) << 1, -1, 0, 1, -1, 0, 1, 0, -1).finished();
  for (const Matrix& update : problem.updates({.kind = OptimizerKind::signgd}, {g, 2 * g})) CHECK(update == signs);
}

}  // namespace memscale
