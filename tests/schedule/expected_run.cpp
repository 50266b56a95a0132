#include "memscale/schedule/expected_run.hpp"

#include "catch.hpp"
#include "memscale/schedule/calibration.hpp"
#include "sample_trials.hpp"

namespace memscale {

namespace {

double longest(const std::vector<Trial>& trials, const CostModel& model) {
  double most = 0;
  for (const Trial& trial : trials) most = std::max(most, model.seconds(trial));
  return most;
}

}  // namespace

TEST_CASE("One rank's expected time is its work; more ranks share it, but no trial") {
  const std::vector<Trial> trials = trial_grid({16, 64}, {1.5, 2}, {1, 2, 3, 4});
  const CostModel model;
  const ExpectedRun alone = expect_run(trials, {.ranks = 1}, model);
  CHECK(alone.wall_seconds == Approx(alone.rank_seconds));
  CHECK(alone.rank_seconds == Approx(Scheduler(trials, {.ranks = 1}, model).remaining_seconds()).epsilon(0.05));
  double before = alone.wall_seconds;
  for (int ranks : {2, 4, 1000}) {
    const ExpectedRun run = expect_run(trials, {.ranks = ranks}, model);
    CHECK(run.wall_seconds < before);
    CHECK(run.wall_seconds >= run.rank_seconds / ranks * (1 - 1e-9));
    CHECK(run.wall_seconds >= longest(trials, model) * (1 - 1e-9));
    CHECK(run.rank_seconds >= alone.rank_seconds * (1 - 1e-9));  // embeddings are made by several
    before = run.wall_seconds;
  }
  CHECK(expect_run({}, {.ranks = 3}, model).wall_seconds == 0);
}

TEST_CASE("Ranks that share a long trial end it sooner") {
  std::vector<Trial> trials = trial_grid({64}, {1.5}, {1});
  for (Trial& trial : trials) {
    trial.steps = 20;
    trial = canonical(trial);
  }
  const double one = expect_run(trials, {.ranks = 4}, {}).wall_seconds;
  const double shared = expect_run(trials, {.ranks = 4, .ranks_per_trial = 4}, {}).wall_seconds;
  CHECK(shared < one);
  CHECK(shared > one / 4);
}

TEST_CASE("A calibration learns from trials of the same methods, in about the time it is given") {
  const std::vector<Trial> trials = trial_grid({512}, {1.5}, {1, 2});
  const CostModel model = calibrate(trials, 1, 0.2);
  CHECK(model.learnt() >= 2);
  CHECK(longest(trials, model) > 0);
  CHECK(longest(trials, model) < 1000);
  CHECK(calibrate({}, 1).learnt() == 0);
}

TEST_CASE("orthogonal trials too large for a calibration are tried on fewer groups or items") {
  std::vector<Trial> trials;
  for (TaskBasisKind basis : {TaskBasisKind::identity, TaskBasisKind::coupled, TaskBasisKind::haar})
    for (OptimizerKind optimizer : {OptimizerKind::muon, OptimizerKind::signgd})
      for (FrequencyKind frequencies : {FrequencyKind::zipf, FrequencyKind::two_groups})
        for (Representation representation : {Representation::automatic, Representation::dense}) {
          Trial trial;
          trial.model = ModelKind::orthogonal;
          trial.d = 1998;  // half of it is no multiple of three
          trial.groups = 666;
          trial.frequencies = frequencies;
          trial.head_mass = 0.8;
          trial.head_share = 0.2;
          trial.optimizer = optimizer;
          trial.task_basis = basis;
          trial.representation = representation;
          trial.steps = 1000;
          trials.push_back(canonical(trial));
        }
  const CostModel model = calibrate(trials, 1, 0.3);
  CHECK(model.learnt() >= 2);
  for (const Trial& trial : trials) CHECK(model.seconds(trial) > 0);
}

}  // namespace memscale
