#include "memscale/schedule/cost_model.hpp"

#include "catch.hpp"

using namespace memscale;

namespace {

Trial trial_with(OptimizerKind optimizer, std::int64_t d, std::int64_t items) {
  Trial trial;
  trial.optimizer = optimizer;
  trial.d = d;
  trial.items = items;
  return canonical(trial);
}

}  // namespace

TEST_CASE("the cost counts the flops of each phase") {
  const CostEstimate cost = estimate_cost(trial_with(OptimizerKind::gd, 100, 1000));
  CHECK(cost.embeddings == Approx(100 * 1000 * 100.0));
  CHECK(cost.gradient == Approx(2 * 1000 * 100.0 * 100));
  CHECK(cost.update == 0);
  CHECK(cost.capacity == Approx(2 * 1000 * 100.0 * 100 + 2 * 1000 * 100.0 * 150));
  CHECK(cost.total() == Approx(cost.embeddings + cost.gradient + cost.update + cost.capacity));
}

TEST_CASE("an update costs what its method needs") {
  const double d3 = 64.0 * 64 * 64;
  Trial muon = trial_with(OptimizerKind::muon, 64, 1000);
  const double svd = estimate_cost(muon).update;
  CHECK(svd == Approx(25 * d3));

  muon.orthogonalizer = Orthogonalizer::newton_schulz;
  muon.ns_steps = 5;
  muon.ns_coefficients = NewtonSchulzSet::jordan;
  CHECK(estimate_cost(muon).update == Approx(5 * 6 * d3));
  muon.ns_coefficients = NewtonSchulzSet::cubic;
  CHECK(estimate_cost(muon).update == Approx(5 * 4 * d3));

  const Trial newton = trial_with(OptimizerKind::newton, 64, 1000);
  CHECK(estimate_cost(newton).update > 2 * 1000 * 64.0 * 64);
}
