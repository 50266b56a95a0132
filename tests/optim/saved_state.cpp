// An optimizer that was saved between two steps and loaded by a new one of the same options goes on in the same bits.

#include <cstring>
#include <stdexcept>

#include "catch.hpp"
#include "problem.hpp"

namespace memscale {

using test::Problem;

namespace {

/// The updates, the optimizer replaced after `steps` of them by one that loads what it saved.
std::vector<Matrix> updates_in_pieces(Problem& problem, const OptimizerOptions& options,
                                      const std::vector<Matrix>& gradients, std::size_t steps) {
  auto optimizer = make_optimizer(options);
  std::vector<Matrix> all;
  for (std::size_t t = 0; t < gradients.size(); ++t) {
    if (t == steps) {
      ByteWriter out;
      optimizer->save(out);
      optimizer = make_optimizer(options);
      ByteReader in(out.bytes());
      optimizer->load(in, gradients[t].rows(), gradients[t].cols());
      CHECK(in.at_end());
      for (std::size_t size = 0; size < out.bytes().size(); size += 7) {
        ByteReader cut(std::span(out.bytes()).first(size));
        CHECK_THROWS_AS(make_optimizer(options)->load(cut, gradients[t].rows(), gradients[t].cols()),
                        std::out_of_range);
      }
    }
    problem.factors = blas::svd(gradients[t]);
    all.push_back(optimizer->update(gradients[t], problem.context));
    CHECK(optimizer->direction(gradients[t]).size() == gradients[t].size());
  }
  return all;
}

}  // namespace

TEST_CASE("an optimizer that was saved and loaded gives the same updates", "[optim]") {
  Problem problem(5, 40, 1.5, 0);
  const auto gradients = test::random_gradients(5, 44);
  using enum OptimizerKind;
  std::vector<OptimizerOptions> all{{.kind = gd},
                                    {.kind = ngd},
                                    {.kind = signgd},
                                    {.kind = newton, .ridge = 1e-8},
                                    {.kind = adam, .beta1 = 0.9, .beta2 = 0.99, .epsilon = 1e-8}};
  for (Orthogonalizer method : {Orthogonalizer::svd, Orthogonalizer::regularized, Orthogonalizer::newton_schulz})
    for (double momentum : {0.0, 0.9})
      all.push_back({.kind = muon,
                     .orthogonalizer = method,
                     .lambda = 0.1,
                     .ns_coefficients = NewtonSchulzSet::cubic,
                     .ns_steps = 3,
                     .momentum = momentum});
  for (const OptimizerOptions& options : all) {
    INFO(name_of(options.kind) << " " << options.momentum);
    const auto undisturbed = problem.updates(options, gradients);
    for (std::size_t steps = 1; steps < gradients.size(); ++steps) {
      const auto pieces = updates_in_pieces(problem, options, gradients, steps);
      for (std::size_t t = 0; t < gradients.size(); ++t)
        CHECK(std::memcmp(pieces[t].data(), undisturbed[t].data(), 25 * sizeof(double)) == 0);
    }
  }
}

}  // namespace memscale
