#include "memscale/schedule/cost_model.hpp"

#include "catch.hpp"

using namespace memscale;

namespace {

Trial trial_with(OptimizerKind optimizer, std::int64_t d, std::int64_t items, std::int64_t steps = 1) {
  Trial trial;
  trial.steps = steps;
  trial.optimizer = optimizer;
  trial.d = d;
  trial.items = items;
  return canonical(trial);
}

}  // namespace

TEST_CASE("the cost counts the flops of each phase") {
  const CostEstimate cost = estimate_cost(trial_with(OptimizerKind::gd, 100, 1000));
  CHECK(cost.embeddings == Approx(2 * 150 * 1000 * 100.0));
  CHECK(cost.first_gradient == Approx(2 * 1000 * 100.0 * 100));
  CHECK(cost.gradients == 0);
  CHECK(cost.update == 0);
  CHECK(cost.capacity == Approx(2 * 1000 * 100.0 * 100 + 2 * 1000 * 100.0 * 150));
  CHECK(cost.measures == 0);
  CHECK(cost.total() == Approx(cost.embeddings + cost.first_gradient + cost.update + cost.capacity));
}

TEST_CASE("each step costs gradient, update and capacity; embeddings and G(0) come once") {
  const CostEstimate one = estimate_cost(trial_with(OptimizerKind::muon, 100, 1000));
  const CostEstimate five = estimate_cost(trial_with(OptimizerKind::muon, 100, 1000, 5));
  CHECK(five.embeddings == one.embeddings);
  CHECK(five.first_gradient == one.first_gradient);
  CHECK(five.gradients == Approx(4 * 4 * 1000 * 1000.0 * 100));  // scores and their product with u
  CHECK(five.update == Approx(5 * one.update));
  CHECK(five.capacity == Approx(5 * one.capacity));
}

TEST_CASE("a thresholded gradient, a small batch and fewer measures cost less") {
  Trial trial = trial_with(OptimizerKind::muon, 100, 10000, 5);
  const CostEstimate exact = estimate_cost(trial);
  trial.loss_measure = LossMeasure::exact;
  trial.spectra_measure = SpectraMeasure::final;
  CHECK(estimate_cost(trial).measures > 2 * 1e4 * 1e4 * 100);
  Trial small = trial;
  small.batch = 64;
  CHECK(estimate_cost(small).gradients < exact.gradients / 50);
  CHECK(estimate_cost(small).first_gradient < exact.first_gradient / 50);
  Trial thresholded = trial;
  thresholded.gradient = GradientKind::thresholded;
  CHECK(estimate_cost(thresholded).gradients < exact.gradients / 50);
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

TEST_CASE("an orthogonal memory costs what its matrices need, not its items") {
  const auto cost_of = [](std::int64_t d, std::int64_t groups, OptimizerKind optimizer, TaskBasisKind basis) {
    Trial trial;
    trial.model = ModelKind::orthogonal;
    trial.d = d;
    trial.groups = groups;
    trial.optimizer = optimizer;
    trial.task_basis = basis;
    trial.steps = 10;
    return estimate_cost(canonical(trial));
  };
  const CostEstimate few = cost_of(1'000'000, 100, OptimizerKind::muon, TaskBasisKind::identity);
  CHECK(few.update == Approx(cost_of(1000, 100, OptimizerKind::muon, TaskBasisKind::identity).update));
  CHECK(few.update == Approx(10 * (25e6 + 20e4 + 1e4)));
  CHECK(few.gradients == Approx(11 * 100e4));
  CHECK(few.capacity == 0);
  const CostEstimate plain = cost_of(300, 300, OptimizerKind::signgd, TaskBasisKind::coupled);
  const CostEstimate haar = cost_of(300, 300, OptimizerKind::signgd, TaskBasisKind::haar);
  CHECK(haar.update > 10 * 8 * 2.7e7);
  CHECK(haar.embeddings > 50 * 2.7e7);
  CHECK(haar.gradients == plain.gradients);
  Trial trial;
  trial.model = ModelKind::orthogonal;
  CHECK(divisible_share(canonical(trial)) == 0);
}
