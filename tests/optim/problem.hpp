#pragma once

#include "memscale/model/frequencies.hpp"
#include "memscale/model/gradient.hpp"
#include "memscale/model/weighted_product.hpp"
#include "memscale/optim/make_optimizer.hpp"
#include "random_matrix.hpp"

namespace memscale::test {

/// A small problem with everything that an optimizer may ask for.
struct Problem {
  ThreadTeam team{2};
  GaussianMemory memory;
  Vector p;
  Matrix gradient = gradient_at_zero(memory, column_means(memory.u, team), population_batch(p), team);
  Matrix covariance = output_covariance(memory, team);
  blas::Svd factors = blas::svd(gradient);
  int factors_asked = 0;
  DenseSpace space{gradient.rows()};
  StepContext context{space, [this]() -> const blas::Svd& { return ++factors_asked, factors; },
                      [this]() -> const Matrix& { return covariance; },
                      [this] {
                        const Vector zero = Vector::Zero(gradient.rows());
                        return weighted_product(memory.v, zero, population_batch(p), memory.v, team);
                      }};

  Problem(int d, int items, double alpha, double kappa)
      : memory(make_gaussian_memory(d, items, kappa, static_cast<std::uint64_t>(100 * d + items), team)),
        p(zipf_frequencies(items, alpha)) {}
  Problem(const Problem&) = delete;

  /// The update of a fresh optimizer.
  Matrix update(const OptimizerOptions& options) { return make_optimizer(options)->update(gradient, context); }

  /// The updates of one optimizer, step by step; `gradients` stand for those that its own steps would meet.
  std::vector<Matrix> updates(const OptimizerOptions& options, const std::vector<Matrix>& gradients) {
    const auto optimizer = make_optimizer(options);
    std::vector<Matrix> all;
    for (const Matrix& g : gradients) {
      factors = blas::svd(g);
      all.push_back(optimizer->update(g, context));
    }
    return all;
  }
};

/// Gradients of four steps, of different scales.
inline std::vector<Matrix> random_gradients(int d, unsigned seed) {
  std::mt19937_64 generator(seed);
  std::vector<Matrix> all;
  for (double scale : {1.0, 0.3, 2.0, 0.01}) all.push_back(scale * random_matrix(d, d, generator));
  return all;
}

}  // namespace memscale::test
