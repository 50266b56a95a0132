#include "memscale/analysis/orthogonal_run.hpp"

#include <cmath>

#include "memscale/analysis/cell.hpp"
#include "memscale/experiment/trace_length.hpp"
#include "memscale/experiment/trial_groups.hpp"

namespace memscale {

namespace {

double after(const std::vector<double>& values, std::int64_t step) {
  if (step < 1) return Result::not_measured;
  const auto index = static_cast<std::size_t>(step - 1);
  return index < values.size() ? values[index] : Result::not_measured;
}

}  // namespace

double OrthogonalRun::initial_loss() const {
  return std::log(items());
}

OrthogonalRun run_of(const Record& record) {
  OrthogonalRun run{record.trial, record.result, {}, record.result.gap};
  if (record.trial.steps < 2 || record.result.steps_done < 1) return run;
  const double before = after(record.trace.gap, record.result.steps_done - 1);
  if (std::isfinite(before)) run.end_gap = (before + run.end_gap) / 2;
  OrthogonalTrace& trace = run.trace;
  trace.steps = traced_steps(record.result.steps_done);
  for (std::int64_t step : trace.steps) {
    trace.gap.push_back(after(record.trace.gap, step));
    trace.loss.push_back(trace.gap.back() + record.result.loss_floor);
    trace.min_probability.push_back(after(record.trace.min_probability, step));
    trace.max_probability.push_back(after(record.trace.max_probability, step));
  }
  if (record.trace.group_loss.size() == trace_length("group_loss", record.trial, record.result.steps_done)) {
    trace.group_steps = group_loss_steps(record.result.steps_done);
    trace.group_loss = record.trace.group_loss;
  }
  return run;
}

std::vector<GroupCurve> group_curves(const OrthogonalRun& run) {
  std::vector<GroupCurve> curves;
  if (run.trace.group_loss.empty()) return curves;
  const std::vector<RankBin> bins = group_bins(run.trial);
  const ItemGroups groups = groups_of(run.trial);
  for (std::size_t b = 0; b < bins.size(); ++b) {
    if (bins[b].low != bins[b].high) continue;
    GroupCurve curve{bins[b].low, groups.p[bins[b].low - 1], {}, {}};
    for (std::size_t k = 0; k < run.trace.group_steps.size(); ++k) {
      curve.steps.push_back(static_cast<double>(run.trace.group_steps[k]));
      curve.loss.push_back(run.trace.group_loss[k * bins.size() + b]);
    }
    curves.push_back(std::move(curve));
  }
  return curves;
}

}  // namespace memscale
