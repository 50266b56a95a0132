#include "memscale/analysis/gap_fit.hpp"

#include <cmath>
#include <map>
#include <optional>

#include "memscale/analysis/deterministic_fit.hpp"
#include "memscale/analysis/training_fit.hpp"

namespace memscale {

namespace {

std::optional<double> theory_of(const Trial& t) {
  if (t.optimizer == OptimizerKind::tra_signgd) return 2;
  if (t.optimizer == OptimizerKind::muon && t.orthogonalizer == Orthogonalizer::svd && t.momentum == 0) return 2;
  return std::nullopt;
}

/// Means of log gap over the seeds of each T.
std::vector<GapPoint> points_of(const RunGroup& group) {
  std::map<std::int64_t, std::pair<double, double>> sums;  // steps -> sum of log gap, number
  for (const OrthogonalRun* run : group.runs) {
    if (!(run->end_gap > 0) || !std::isfinite(run->end_gap)) continue;
    if (run->result.steps_done != run->trial.steps) continue;  // its eta was meant for more
    auto& [sum, count] = sums[run->trial.steps];
    sum += std::log(run->end_gap);
    count += 1;
  }
  std::vector<GapPoint> points;
  for (const auto& [steps, sum] : sums) points.push_back({steps, std::exp(sum.first / sum.second)});
  return points;
}

/// Parts from one T to the first that is its double or more; a rest that spans less is left out.
std::vector<GapSlope> local_slopes(const GapFit& fit, std::span<const LawPoint> points) {
  std::vector<GapSlope> slopes;
  for (std::size_t first = 0, last = 1; last < points.size(); ++last) {
    if (fit.points[last].steps < 2 * fit.points[first].steps) continue;
    if (const auto line = plain_line(points.subspan(first, last - first + 1), -1, fit.exponent.theory))
      slopes.push_back({fit.points[first].steps, fit.points[last].steps, line->slope, line->goodness});
    first = last;
  }
  return slopes;
}

std::optional<GapFit> fit_gap(const RunGroup& group) {
  GapFit fit;
  fit.label = group.label;
  fit.run = group.runs.front();
  fit.points = points_of(group);
  std::vector<LawPoint> points;
  std::vector<std::vector<double>> corrections;
  bool has_correction = true;
  for (const GapPoint& p : fit.points) {
    const double x = std::log(static_cast<double>(p.steps));
    points.push_back({x, std::log(p.gap), 0, 1, {}});
    corrections.push_back({x > 0 ? std::log(x) : 0});
    has_correction = has_correction && x > 0;
  }
  if (!has_correction) corrections.clear();
  const auto line = plain_line(points, -1, theory_of(group.trial()), corrections);
  if (!line) return std::nullopt;
  fit.exponent = line->slope;
  fit.log_factor = line->intercept;
  fit.goodness = line->goodness;
  fit.local = local_slopes(fit, points);
  return fit;
}

}  // namespace

GapFits fit_gaps(std::span<const OrthogonalRun* const> runs) {
  std::vector<const OrthogonalRun*> fitted;
  for (const OrthogonalRun* run : runs)
    if (run->trial.label_noise > 0 && run->trial.eta_scale == EtaScale::log_d_over_steps &&
        has_constant_eta(run->trial))
      fitted.push_back(run);
  GapFits found;
  for (const RunGroup& group : group_runs(fitted, {"steps", "seed"})) {
    if (auto fit = fit_gap(group))
      found.fits.push_back(std::move(*fit));
    else
      found.notes.push_back(run_name(group.label, group.trial()) +
                            ": no law of the loss above its floor against steps, it needs two numbers of steps after "
                            "which that is positive");
  }
  return found;
}

}  // namespace memscale
