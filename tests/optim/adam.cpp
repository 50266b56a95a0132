#include <cmath>

#include "catch.hpp"
#include "problem.hpp"

namespace memscale {

using test::Problem;

TEST_CASE("adam is its definition, entry by entry over several steps", "[optim]") {
  Problem problem(5, 40, 1.5, 0);
  const auto gradients = test::random_gradients(5, 42);
  for (const auto& [beta1, beta2, epsilon] :
       {std::tuple{0.9, 0.999, 1e-8}, {0.0, 0.95, 0.1}, {0.5, 0.0, 1e-3}, {0.9, 0.9, 0.0}}) {
    const auto updates =
        problem.updates({.kind = OptimizerKind::adam, .beta1 = beta1, .beta2 = beta2, .epsilon = epsilon}, gradients);
    for (Eigen::Index k = 0; k < 25; ++k) {
      double m = 0, v = 0;
      for (std::size_t t = 1; t <= gradients.size(); ++t) {
        const double g = gradients[t - 1].data()[k];
        m = beta1 * m + (1 - beta1) * g;
        v = beta2 * v + (1 - beta2) * g * g;
        const double m_hat = m / (1 - std::pow(beta1, t)), v_hat = v / (1 - std::pow(beta2, t));
        CHECK(updates[t - 1].data()[k] == Approx(m_hat / (std::sqrt(v_hat) + epsilon)).epsilon(1e-13));
      }
    }
  }
}

TEST_CASE("adam's first step is the gradient over its size, and signgd without memory", "[optim]") {
  Problem problem(4, 40, 1.5, 0);
  const auto gradients = test::random_gradients(4, 43);
  // bias correction: m^ = G, v^ = G^2 whatever the betas
  const auto first = problem.updates({.kind = OptimizerKind::adam, .beta1 = 0.9, .beta2 = 0.999}, {gradients[0]});
  CHECK((first[0] - gradients[0].cwiseSign()).norm() < 1e-12);
  const auto memoryless = problem.updates({.kind = OptimizerKind::adam}, gradients);
  const auto signs = problem.updates({.kind = OptimizerKind::signgd}, gradients);
  for (std::size_t t = 0; t < gradients.size(); ++t) CHECK((memoryless[t] - signs[t]).norm() < 1e-12);
  for (double epsilon : {0.0, 1e-8})
    CHECK(problem.updates({.kind = OptimizerKind::adam, .beta1 = 0.9, .beta2 = 0.9, .epsilon = epsilon},
                          {Matrix::Zero(4, 4)})[0] == Matrix::Zero(4, 4));
}

}  // namespace memscale
