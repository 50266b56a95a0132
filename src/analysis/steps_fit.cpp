#include "memscale/analysis/steps_fit.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "append.hpp"
#include "memscale/analysis/curve_fit.hpp"
#include "memscale/analysis/finite_size.hpp"
#include "memscale/analysis/line_fit.hpp"
#include "memscale/analysis/step_cells.hpp"
#include "memscale/analysis/theory.hpp"
#include "memscale/core/text.hpp"
#include "memscale/core/thread_team.hpp"

namespace memscale {

namespace {

constexpr std::size_t fewest_steps = 4;
constexpr double most_error = 0.5;  // of a limit, by the fit's own covariance

/// The trial as if it had ended after so many steps.
Trial shortened(Trial trial, std::int64_t steps) {
  trial.steps = steps;
  return trial;
}

std::optional<double> theory_of(const std::vector<StepCell>& cells) {
  for (const StepCell& at : cells)
    if (!at.all_took() || !predicted_exponent(shortened(at.cell->trial, at.steps))) return std::nullopt;
  return predicted_exponent(shortened(cells.front().cell->trial, cells.front().steps));
}

/// An exponent, and as a point of C against T.
struct FittedStep {
  StepExponent exponent;
  LawPoint point;
};

/// Of the cells after T steps, ascending d; nothing for fewer than two that have a capacity.
std::optional<FittedStep> fit_step(const std::map<std::int64_t, StepCell>& by_d, const SeedBootstrap& bootstrap) {
  std::vector<StepCell> cells;
  std::vector<LawPoint> points;
  for (const auto& [d, at] : by_d) {
    auto point = log_mean_point(*at.cell, at.capacities(), bootstrap);
    if (!point) continue;
    point->x = std::log(static_cast<double>(d));
    cells.push_back(at);
    points.push_back(std::move(*point));
  }
  if (points.size() < 2) return std::nullopt;
  const LinearFit line = fit_line(points);
  std::optional<Estimate> corrected;
  if (const auto weights = logarithm_weights(points); !weights.empty()) corrected = linear_estimate(points, weights);
  FittedStep found;
  found.exponent.steps = cells.front().steps;
  found.exponent.goodness = line.goodness;
  found.exponent.d_count = static_cast<std::int64_t>(cells.size());
  found.exponent.c = judge(linear_estimate(points, line.weights[1]), line.by_fit[1], theory_of(cells), corrected);

  LawPoint& exponent = found.point;
  exponent.x = static_cast<double>(found.exponent.steps);
  exponent.y = found.exponent.c.value;
  exponent.seeds = freedom_of(points, line.weights[1]) + 1;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].deviations.empty()) return found.point.deviations.clear(), found;
    exponent.deviations.resize(points[i].deviations.size());
    for (std::size_t r = 0; r < exponent.deviations.size(); ++r)
      exponent.deviations[r] += static_cast<float>(line.weights[1][i]) * points[i].deviations[r];
  }
  return found;
}

/// limit - gap ratio^T; theta = (limit, gap, log(ratio / (1 - ratio))).
double recursion_curve(double steps, std::span<const double> theta, std::span<double> gradient) {
  const double ratio = 1 / (1 + std::exp(-theta[2]));
  const double power = std::pow(ratio, steps);
  gradient[0] = 1;
  gradient[1] = -power;
  gradient[2] = -theta[1] * steps * power * (1 - ratio);
  return theta[0] - theta[1] * power;
}

Estimate logistic(const Estimate& e) {
  const auto f = [](double x) { return 1 / (1 + std::exp(-x)); };
  const double ratio = f(e.value);
  return {ratio, f(e.low), f(e.high), ratio * (1 - ratio) * e.standard_error};
}

void fit_recursion(StepsFit& fit, const std::vector<LawPoint>& points, Resamples resamples,
                   std::vector<std::string>& notes) {
  const std::string name = fit.label + " alpha=" + to_text(fit.alpha);
  if (points.size() < fewest_steps) {
    notes.push_back(name + ": no law of C against steps, it needs exponents after four numbers of steps and has " +
                    to_text(std::uint64_t{points.size()}));
    return;
  }
  const double last = points.back().y, first = points.front().y;
  std::optional<CurveFit> best;
  for (double ratio : {0.3, 0.6, 0.9}) {
    auto found = fit_curve(points, recursion_curve, {last, (last - first) / ratio, std::log(ratio / (1 - ratio))}, {0});
    if (found && (!best || found->goodness.rms < best->goodness.rms)) best = std::move(found);
  }
  if (best) best = fit_curve(points, recursion_curve, best->values, resamples);
  const bool determined =
      best && best->by_fit[0].standard_error < most_error && !(best->by_seeds[0].standard_error > most_error);
  if (!determined) {
    notes.push_back(name + ": no law of C against steps, " +
                    (best ? "the exponents do not determine a limit" : "the fit does not converge"));
    return;
  }
  const bool predicted = fit.exponents.front().c.theory && fit.exponents.size() > 1 && fit.exponents[1].c.theory;
  const bool muon = fit.trial.optimizer == OptimizerKind::muon;
  const auto of_muon = [&](double value) { return predicted && muon ? std::optional(value) : std::nullopt; };
  fit.limit = judge(best->by_seeds[0], best->by_fit[0], of_muon(2));
  fit.gap = best->values[1];
  fit.ratio = judge(logistic(best->by_seeds[2]), logistic(best->by_fit[2]), of_muon(1 - 1 / (2 * fit.alpha)));
  fit.goodness = best->goodness;
}

bool has_several_steps(const FamilyGroup& group) {
  return group.families.size() > 1 || !group.families.front()->series.front().cells.front().trace.steps.empty();
}

/// The exponents of one method at one alpha.
StepsFits fit_exponents(const StepSweep& sweep, const SeedBootstrap& bootstrap, const FitOptions& options,
                        Resamples resamples) {
  StepsFits found;
  StepsFit fit;
  fit.label = sweep.group->label;
  fit.alpha = sweep.alpha;
  fit.trial = sweep.group->families.back()->trial;
  std::vector<LawPoint> points;
  for (const auto& [steps, by_d] : usable_cells(sweep, options, found.notes))
    if (auto step = fit_step(by_d, bootstrap)) {
      fit.exponents.push_back(step->exponent);
      points.push_back(std::move(step->point));
    }
  if (fit.exponents.empty()) return found;
  fit_recursion(fit, points, resamples, found.notes);
  found.fits.push_back(std::move(fit));
  return found;
}

}  // namespace

StepsFits fit_steps(const Aggregate& data, const SeedBootstrap& bootstrap, const FitOptions& options) {
  std::vector<FamilyGroup> groups = families_along(data, "steps");
  std::erase_if(groups, [](const FamilyGroup& group) { return !has_several_steps(group); });
  const std::vector<StepSweep> sweeps = step_sweeps(groups);
  const Resamples resamples = resamples_of(static_cast<std::size_t>(options.resamples), sweeps.size());
  std::vector<StepsFits> parts(sweeps.size());
  ThreadTeam(options.threads).run(parts.size(), [&](std::size_t i, int) {
    parts[i] = fit_exponents(sweeps[i], bootstrap, options, resamples);
  });
  StepsFits all;
  for (StepsFits& part : parts) {
    append(all.fits, part.fits);
    append(all.notes, part.notes);
  }
  return all;
}

}  // namespace memscale
