#include <cmath>

#include "catch.hpp"
#include "memscale/schedule/cost_model.hpp"
#include "sample_trials.hpp"

using namespace memscale;

namespace {

/// A machine on which each phase has a speed of its own, in flops a second.
struct Machine {
  double embeddings = 1e9, gradient = 8e9, update = 2e9, capacity = 2e10, measures = 1e9, overhead = 1e-4;

  Record run(const Trial& trial, bool shares_embeddings = false, bool shares_first_step = false,
             double noise = 1) const {
    const CostEstimate flops = estimate_cost(trial);
    Record record;
    record.trial = trial;
    record.result.steps_done = trial.steps;
    Cost& cost = record.cost;
    cost.seconds_embeddings = noise * (shares_embeddings ? 1e-7 : flops.embeddings / embeddings);
    cost.seconds_gradient =
        noise * ((shares_first_step ? 1e-7 : flops.first_gradient / gradient) + flops.gradients / gradient);
    cost.seconds_update = noise * flops.update / update;
    cost.seconds_capacity = noise * flops.capacity / capacity;
    cost.seconds_measures = noise * flops.measures / measures;
    cost.seconds = noise * overhead + cost.seconds_embeddings + cost.seconds_gradient + cost.seconds_update +
                   cost.seconds_capacity + cost.seconds_measures;
    return record;
  }
};

}  // namespace

TEST_CASE("a cost model learns a machine's speed, shared parts apart") {
  const Machine machine;
  const auto trials = trial_grid({32, 64, 128}, {1.5, 2}, {1, 2});
  CostModel model;
  CHECK(model.learnt() == 0);
  for (const Trial& trial : trials) {
    model.learn(machine.run(trial));
    model.learn(machine.run(trial, true, true));
  }
  CHECK(model.learnt() == 2 * trials.size());
  for (const Trial& trial : trials) {
    const CostModel::Seconds expected = model.phases(trial);
    const CostEstimate flops = estimate_cost(trial);
    CHECK(expected.embeddings == Approx(flops.embeddings / machine.embeddings).epsilon(1e-3));
    CHECK(expected.first_gradient == Approx(flops.first_gradient / machine.gradient).epsilon(1e-3));
    CHECK(model.seconds(trial) == Approx(machine.run(trial).cost.seconds).epsilon(1e-3));
  }
}

TEST_CASE("what was not seen is expected at the speed of what was") {
  const Machine machine;
  CostModel model;
  for (const Trial& trial : trial_grid({64}, {1.5}, {1, 2, 3})) model.learn(machine.run(trial));
  for (const Trial& trial : trial_grid({512}, {2}, {9})) {
    const double ratio = model.seconds(trial) / machine.run(trial).cost.seconds;
    CHECK(ratio > 0.5);
    CHECK(ratio < 2);
  }
}

TEST_CASE("the spread is that of the trials seen") {
  const Machine machine;
  const auto trials = trial_grid({64}, {1.5}, {1});
  CostModel steady, noisy;
  CHECK(steady.spread() > 2);  // while nothing is known
  std::mt19937 random(3);
  std::normal_distribution<double> normal(0, 0.3);
  for (int i = 0; i < 400; ++i) {
    steady.learn(machine.run(trials.front()));
    noisy.learn(machine.run(trials.front(), false, false, std::exp(normal(random))));
  }
  CHECK(steady.spread() < 1.05);
  CHECK(noisy.deviation() == Approx(0.3).epsilon(0.3));
  CHECK(noisy.spread() == Approx(std::exp(1.645 * noisy.deviation())));
}

TEST_CASE("a trial that stood still is not all that is known") {
  const Machine machine;
  const Trial trial = trial_grid({64}, {1.5}, {1}).front();
  const double seconds = machine.run(trial).cost.seconds;
  CostModel model;
  for (int i = 0; i < 100; ++i) {
    model.learn(machine.run(trial));
    if (i == 50) model.learn(machine.run(trial, false, false, 20000));
  }
  CHECK(model.seconds(trial) < 2 * seconds);
  CHECK(model.spread() < 2);
  SECTION("but a machine that has become slower is believed in the end") {
    for (int i = 0; i < 1000; ++i) model.learn(machine.run(trial, false, false, 30));
    CHECK(model.seconds(trial) > 20 * seconds);
  }
}

TEST_CASE("rules that end a trial early are learnt, too") {
  const Machine machine;
  Trial trial = trial_grid({64}, {1.5}, {1}).front();
  trial.steps = 100;
  trial.stop_growth = 0.01;
  trial.stop_window = 10;
  trial = canonical(trial);
  CostModel model;
  for (int i = 0; i < 5; ++i) {
    Trial ten = trial;
    ten.steps = 10;
    Record record = machine.run(ten);
    record.trial = trial;
    record.result.steps_done = 10;
    model.learn(record);
  }
  Trial ten = trial;
  ten.steps = 10;
  CHECK(model.seconds(trial) == Approx(machine.run(ten).cost.seconds).epsilon(0.1));
}

TEST_CASE("failed trials teach nothing, and odd ones do no harm") {
  CostModel model;
  Record record = Machine().run(trial_grid({64}, {1.5}, {1}).front());
  const double before = model.seconds(record.trial);
  record.result.status = TrialStatus::failed;
  model.learn(record);
  record.result.status = TrialStatus::diverged;
  record.result.steps_done = 0;
  model.learn(record);
  CHECK(model.learnt() == 0);
  CHECK(model.seconds(record.trial) == before);
  record.result.steps_done = 1;
  record.cost = Cost();  // no time at all
  model.learn(record);
  CHECK(std::isfinite(model.seconds(record.trial)));
  CHECK(std::isfinite(model.spread()));
}

TEST_CASE("ranks divide the rows' work alone") {
  Trial trial = trial_grid({64}, {1.5}, {1}).front();
  trial.items = 100000;
  CHECK(divisible_share(trial) > 0);
  trial.steps = 20;
  CHECK(divisible_share(canonical(trial)) > 0.9);
  CHECK(divisible_share(canonical(trial)) < 1);
}
