#include "memscale/experiment/run_trial.hpp"

#include "brute_force.hpp"
#include "catch.hpp"
#include "memscale/experiment/simulation.hpp"

namespace memscale {

namespace {

Trial small_trial(OptimizerKind optimizer, double alpha = 1.5, std::int64_t seed = 1) {
  return canonical({.d = 12, .items = 400, .alpha = alpha, .seed = seed, .optimizer = optimizer, .ridge = 1e-8});
}

}  // namespace

TEST_CASE("a trial's result does not depend on what ran before it", "[experiment]") {
  Workspace shared;
  using enum OptimizerKind;
  for (std::int64_t seed : {1, 2, 1})
    for (double alpha : {1.25, 3.0})
      for (OptimizerKind optimizer : {gd, muon, newton}) {
        Workspace fresh;
        const Trial trial = small_trial(optimizer, alpha, seed);
        const Record record = run_trial(trial, shared);
        CHECK(record.result == run_trial(trial, fresh).result);
        CHECK(record.trial == trial);
        CHECK(record.result.status == TrialStatus::ok);
        CHECK(record.message.empty());
      }
}

TEST_CASE("a trial's result is that of its simulation, and of brute force", "[experiment]") {
  using enum OptimizerKind;
  for (OptimizerKind optimizer : {gd, muon, newton}) {
    Workspace workspace;
    Cost cost;
    const Simulation run = simulate(small_trial(optimizer), workspace, cost);
    CHECK(run.recovery.recovered == test::recovered(run.memory, run.weights));
    CHECK(run.result.capacity == run.recovery.capacity());
    CHECK(run.result.prefix == run.recovery.prefix());
    CHECK(run.result.accuracy == run.recovery.accuracy(run.p));
    CHECK(run.result.steps_done == 1);
    CHECK(run.result.capacity > 0);
  }
}

TEST_CASE("results of known trials are frozen", "[experiment]") {
  // Other values here mean that stores on disk no longer replay: raise physics_version, deliberately, or mend the
  // change.
  struct Known {
    OptimizerKind optimizer;
    double alpha;
    std::int64_t seed, capacity, prefix;
    double accuracy;
  };
  Workspace workspace;
  for (const Known& known : {Known{OptimizerKind::gd, 1.5, 1, 1, 1, 0.39801980218966848},
                             Known{OptimizerKind::muon, 1.5, 1, 3, 1, 0.51021872219882214},
                             Known{OptimizerKind::newton, 2.0, 3, 8, 0, 0.30430955567622858}}) {
    const Result result = run_trial(small_trial(known.optimizer, known.alpha, known.seed), workspace).result;
    CHECK(result.capacity == known.capacity);
    CHECK(result.prefix == known.prefix);
    CHECK(result.accuracy == Approx(known.accuracy).epsilon(1e-14));  // libraries differ in pow's last digit
  }
}

TEST_CASE("capacity after one step does not depend on eta, the weights do", "[experiment]") {
  Workspace workspace;
  Cost cost;
  Trial trial = small_trial(OptimizerKind::muon);
  const Simulation run = simulate(trial, workspace, cost);
  trial.eta = 2;
  trial.eta_scale = EtaScale::sqrt_d;
  const Simulation other = simulate(canonical(trial), workspace, cost);
  CHECK(other.result == run.result);
  CHECK((other.weights - 2 * std::sqrt(12.0) * run.weights).norm() < 1e-12);
}

TEST_CASE("an error in a trial is a failed record with its message, and the next trial is sound", "[experiment]") {
  Workspace workspace;
  Trial singular = small_trial(OptimizerKind::newton);
  singular.items = 6;  // fewer outputs than dimensions
  const Record record = run_trial(singular, workspace);
  CHECK(record.result.status == TrialStatus::failed);
  CHECK(record.message.find("singular") != std::string::npos);
  Workspace fresh;
  const Trial next = small_trial(OptimizerKind::muon);
  CHECK(run_trial(next, workspace).result == run_trial(next, fresh).result);
}

TEST_CASE("non-finite weights are a diverged result", "[experiment]") {
  Workspace workspace;
  Trial trial = small_trial(OptimizerKind::gd);
  trial.eta = 1e308;
  trial.eta_scale = EtaScale::sqrt_d;
  trial.d = 1024;
  trial.items = 4;
  const Record record = run_trial(trial, workspace);  // not canonical(trial), which refuses such an eta
  CHECK(record.result.status == TrialStatus::diverged);
  CHECK(record.result.capacity == 0);
  CHECK(record.message.empty());
}

TEST_CASE("the smallest problems run", "[experiment]") {
  Workspace workspace;
  for (std::int64_t d : {1, 2, 7})
    for (std::int64_t items : {1, 2, 3, 50})
      for (OptimizerKind optimizer : {OptimizerKind::gd, OptimizerKind::muon}) {
        const Record record = run_trial(canonical({.d = d, .items = items, .optimizer = optimizer}), workspace);
        CHECK(record.result.status == TrialStatus::ok);
        CHECK(record.result.capacity <= items);
      }
}

}  // namespace memscale
