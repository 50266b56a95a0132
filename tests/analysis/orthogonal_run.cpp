#include "memscale/analysis/orthogonal_run.hpp"

#include "analysis/planted_orthogonal.hpp"
#include "catch.hpp"
#include "memscale/analysis/cell.hpp"

using namespace memscale;

TEST_CASE("a run keeps some steps of its traces, the loss after each, and each group's curve") {
  const Trial trial = orthogonal_trial(OptimizerKind::gd, 1000, 1);
  const Record record = orthogonal_record(
      trial, [](std::int64_t group, double t) { return static_cast<double>(group) + 1 / t; }, 0.25);
  const OrthogonalRun run = run_of(record);
  CHECK(run.trace.steps == traced_steps(1000));
  CHECK(run.trace.steps.back() == 1000);
  for (std::size_t k = 0; k < run.trace.steps.size(); ++k)
    CHECK(run.trace.loss[k] == Approx(0.25 + 1 / static_cast<double>(run.trace.steps[k])));
  CHECK(run.end_gap == Approx((1.0 / 1000 + 1.0 / 999) / 2));
  const std::vector<GroupCurve> curves = group_curves(run);
  REQUIRE(curves.size() == 10);
  CHECK(curves[2].group == 3);
  CHECK(curves[2].p == Approx(groups_of(run.trial).p[2]));
  CHECK(curves[2].steps.back() == 1000);
  CHECK(curves[2].loss.back() == Approx(3.251));
}

TEST_CASE(
    "a bin of several groups is none's curve, the last group may have one; one step has no traces; short ones are "
    "filled with nothing") {
  Trial trial = orthogonal_trial(OptimizerKind::gd, 20, 1);
  trial.groups = 100;
  const auto loss = [](std::int64_t, double) { return 1.0; };
  for (const GroupCurve& curve : group_curves(run_of(orthogonal_record(trial, loss))))
    CHECK((curve.group <= 10 || curve.group == 100));
  const OrthogonalRun one = run_of(orthogonal_record(orthogonal_trial(OptimizerKind::gd, 1, 1), loss));
  CHECK(one.trace.steps.empty());
  CHECK(group_curves(one).empty());
  CHECK(one.end_gap == 1);
  Record cut = orthogonal_record(trial, loss);
  cut.trace.gap.resize(5);
  cut.trace.group_loss.resize(7);
  const OrthogonalRun run = run_of(cut);
  CHECK(std::isnan(run.trace.gap.back()));
  CHECK(run.trace.group_steps.empty());
  CHECK(run.end_gap == 1);
}
