#include "memscale/analysis/steps_fit.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "memscale/analysis/finite_size.hpp"
#include "memscale/analysis/line_fit.hpp"
#include "memscale/analysis/theory.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

constexpr std::size_t fewest_steps = 4;
constexpr double most_error = 0.5;  // of a limit, by the fit's own covariance

/// The trial as if it had ended after so many steps.
Trial shortened(Trial trial, std::int64_t steps) {
  trial.steps = steps;
  return trial;
}

std::optional<double> theory_of(std::span<const StepPoint> of_step) {
  for (const StepPoint& point : of_step)
    if (!point.at.all_took() || !predicted_exponent(shortened(point.at.cell->trial, point.at.steps)))
      return std::nullopt;
  return predicted_exponent(shortened(of_step.front().at.cell->trial, of_step.front().at.steps));
}

/// An exponent, and as a point of C against T.
struct FittedStep {
  StepExponent exponent;
  LawPoint point;
};

/// Of the points after T steps, ascending d; nothing for fewer than two.
std::optional<FittedStep> fit_step(std::span<const StepPoint> of_step) {
  if (of_step.size() < 2) return std::nullopt;
  std::vector<LawPoint> points;
  for (const StepPoint& point : of_step) {
    points.push_back(point.capacity);
    points.back().x = std::log(static_cast<double>(point.capacity.d));
  }
  const LinearFit line = fit_line(points);
  std::optional<Estimate> corrected;
  if (const auto weights = logarithm_weights(points); !weights.empty()) corrected = linear_estimate(points, weights);
  FittedStep found;
  found.exponent.steps = of_step.front().at.steps;
  found.exponent.goodness = line.goodness;
  found.exponent.d_count = static_cast<std::int64_t>(of_step.size());
  found.exponent.c = judge(linear_estimate(points, line.weights[1]), line.by_fit[1], theory_of(of_step), corrected);

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

}  // namespace

StepsFits fit_steps(const StepSweep& sweep, const std::vector<StepPoint>& points, Resamples resamples) {
  StepsFits found;
  StepsFit fit;
  fit.label = sweep.group->label;
  fit.alpha = sweep.alpha;
  fit.trial = sweep.group->families.back()->trial;
  std::vector<LawPoint> exponents;
  for (auto first = points.begin(); first != points.end();) {
    const auto end =
        std::find_if(first, points.end(), [&](const StepPoint& point) { return point.at.steps != first->at.steps; });
    if (auto step = fit_step({first, end})) {
      fit.exponents.push_back(step->exponent);
      exponents.push_back(std::move(step->point));
    }
    first = end;
  }
  if (fit.exponents.empty()) return found;
  fit_recursion(fit, exponents, resamples, found.notes);
  found.fits.push_back(std::move(fit));
  return found;
}

}  // namespace memscale
