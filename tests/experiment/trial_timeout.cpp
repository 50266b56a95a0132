#include <cmath>
#include <limits>
#include <string>

#include "catch.hpp"
#include "memory_checkpoints.hpp"
#include "small_trial.hpp"

namespace memscale {

namespace {

Trial trial_of(std::int64_t steps) {
  return small_trial(OptimizerKind::muon, [&](Trial& t) { t.steps = steps; });
}

}  // namespace

TEST_CASE("a trial that takes longer than it may fails, and the next one is sound", "[experiment]") {
  Workspace fresh;
  for (int threads : {1, 2})
    for (std::int64_t steps : {1, 3})
      for (bool warm : {false, true}) {  // warm: no loop makes embeddings any more
        Workspace workspace(threads);
        const Trial trial = trial_of(steps);
        if (warm) run_trial(trial, workspace);
        TrialControl control;
        control.timeout = 0;
        const std::optional<Record> record = run_trial(trial, workspace, control);
        REQUIRE(record);
        CHECK(record->result.status == TrialStatus::failed);
        CHECK(record->message == "timed out after 0 s (--trial-timeout)");
        CHECK(record->result.steps_done == 0);
        CHECK(record->trace.capacity.empty());
        CHECK(record->recall.empty());
        CHECK(same(run_trial(trial, workspace), run_trial(trial, fresh)));  // no deadline stays
      }
}

TEST_CASE("seconds of earlier pieces count as the trial's", "[experiment]") {
  const Trial trial = trial_of(3);
  MemoryCheckpoints checkpoints;
  Workspace workspace;
  int pauses = 0;
  TrialControl control;
  control.interrupted = StopAt{2, &pauses};
  control.checkpoints = &checkpoints;
  REQUIRE_FALSE(run_trial(trial, workspace, control));
  control.interrupted = nullptr;
  const auto run_after = [&](double earlier, double timeout) {
    patch(checkpoints.kept.at(trial_id(trial)), cost_offset, earlier);
    control.timeout = timeout;
    return run_trial(trial, workspace, control).value();
  };
  CHECK(run_after(10, 7200).message.empty());
  const Record late = run_after(7300, 7200);
  CHECK(late.result.status == TrialStatus::failed);
  CHECK(late.message == "timed out after 7200 s (--trial-timeout)");
  CHECK(late.cost.seconds >= 7300);
  CHECK(late.cost.seconds < 7400);
  // Numbers that no clock can hold.
  CHECK(run_after(10, 1e300).message.empty());
  CHECK(run_after(10, std::numeric_limits<double>::infinity()).message.empty());
  CHECK_FALSE(run_after(1e300, 7200).message.empty());
}

TEST_CASE("a timeout is seen between the last step and the spectra, which no loop makes", "[experiment]") {
  const Trial trial = trial_of(3);
  MemoryCheckpoints checkpoints;
  Workspace workspace;
  int pauses = 0;
  TrialControl control;
  control.interrupted = StopAt{3, &pauses};
  control.checkpoints = &checkpoints;
  REQUIRE(trial.spectra_measure == SpectraMeasure::final);
  REQUIRE(trial.loss_measure == LossMeasure::none);
  REQUIRE_FALSE(run_trial(trial, workspace, control));
  control.timeout = 0;
  CHECK(run_trial(trial, workspace, control).value().result.status == TrialStatus::failed);
}

}  // namespace memscale
