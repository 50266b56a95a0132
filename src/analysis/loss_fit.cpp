#include "memscale/analysis/loss_fit.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "memscale/analysis/line_fit.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

constexpr std::size_t fewest_points = 3;
constexpr double least_spread = 1.5;  // ratio of the largest capacity to the smallest that a slope needs

constexpr double most_relative_error = 0.5;  // of a rate, by the fit's own covariance and over seeds

/// Loss and capacity of one cell after some steps, as logarithms with their resamples.
struct PairedPoint {
  LossPoint shown;
  LawPoint loss, capacity;
};

PairedPoint paired_point(const StepPoint& point) {
  const LossPoint shown{point.capacity.d, point.at.steps, std::exp(point.capacity.y), std::exp(point.loss->y)};
  PairedPoint paired{shown, *point.loss, point.capacity};
  paired.loss.x = point.capacity.y;
  return paired;
}

/// The slope of least squares of y on x.
double slope_of(const std::vector<double>& x, const std::vector<double>& y) {
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0;
  const auto n = static_cast<double>(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) mean_x += x[i] / n, mean_y += y[i] / n;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  return xy / xx;
}

/// Deviations of the slope where both loss and capacity are resampled; empty where a point has one seed.
std::vector<float> slope_deviations(const std::vector<PairedPoint>& points, double slope) {
  std::vector<float> deviations;
  std::vector<double> x(points.size()), y(points.size());
  for (const PairedPoint& point : points)
    if (point.loss.deviations.empty() || point.capacity.deviations.empty()) return deviations;
  for (std::size_t r = 0; r < points.front().loss.deviations.size(); ++r) {
    for (std::size_t i = 0; i < points.size(); ++i) {
      x[i] = points[i].capacity.y + points[i].capacity.deviations[r];
      y[i] = points[i].loss.y + points[i].loss.deviations[r];
    }
    deviations.push_back(static_cast<float>(slope_of(x, y) - slope));
  }
  return deviations;
}

bool spreads(const std::vector<PairedPoint>& points) {
  const auto by_capacity = [](const PairedPoint& a, const PairedPoint& b) { return a.capacity.y < b.capacity.y; };
  const auto [low, high] = std::minmax_element(points.begin(), points.end(), by_capacity);
  return points.size() >= fewest_points && high->capacity.y - low->capacity.y > std::log(least_spread);
}

/// The loss is the mass of what is not recovered, sum_{i > K} i^-alpha ~ K^(1 - alpha) - N^(1 - alpha): the slope of
/// least squares of its logarithm at these points. 1 - alpha for infinite N (arXiv 2603.26554). Of Muon without
/// momentum on isotropic inputs, whose steps are large enough for what is recovered to have no loss.
std::optional<double> theory_of(const Trial& trial, const std::vector<PairedPoint>& points) {
  const double alpha = trial.alpha;
  if (alpha <= 1 || trial.optimizer != OptimizerKind::muon || trial.momentum != 0 || trial.kappa != 0)
    return std::nullopt;
  std::vector<double> x, y;
  for (const PairedPoint& point : points) {
    x.push_back(point.capacity.y);
    y.push_back(
        std::log(std::pow(point.shown.capacity, 1 - alpha) - std::pow(static_cast<double>(trial.items), 1 - alpha)));
  }
  return slope_of(x, y);
}

LossItemsFit fit_items(const std::string& label, const Trial& trial, const std::vector<PairedPoint>& points) {
  LossItemsFit fit;
  fit.label = label;
  fit.alpha = trial.alpha;
  std::vector<LawPoint> losses;
  double seeds = points.front().loss.seeds;
  for (const PairedPoint& point : points) {
    fit.points.push_back(point.shown);
    losses.push_back(point.loss);
    seeds = std::min(seeds, point.loss.seeds);
  }
  const LinearFit line = fit_line(losses);
  // Student's nu: the fewest seeds are the cautious choice, as capacities count too.
  const Estimate by_seeds = resampled_estimate(line.values[1], slope_deviations(points, line.values[1]), seeds - 1);
  fit.slope = judge(by_seeds, line.by_fit[1], theory_of(trial, points));
  fit.log_factor = line.values[0];
  fit.goodness = line.goodness;
  return fit;
}

/// log(floor + factor T^-rate), x = log T; theta = (log factor, log rate, log floor), the last may be missing: no
/// floor.
double decay_curve(double log_steps, std::span<const double> theta, std::span<double> gradient) {
  const double rate = std::exp(theta[1]), decaying = std::exp(theta[0] - rate * log_steps);
  const double floor = theta.size() > 2 ? std::exp(theta[2]) : 0, sum = floor + decaying;
  gradient[0] = decaying / sum;
  gradient[1] = -decaying / sum * rate * log_steps;
  if (theta.size() > 2) gradient[2] = floor / sum;
  return std::log(sum);
}

/// With a floor or without, whichever Akaike's criterion prefers.
std::optional<CurveFit> fit_decay(const std::vector<LawPoint>& points, Resamples resamples) {
  const double last = points.back().y, first = points.front().y;
  std::optional<CurveFit> best = fit_curve(points, decay_curve, {first, std::log(0.5)}, {0});
  for (double share : {0.3, 0.9})
    for (double rate : {0.5, 1.5}) {
      auto fit = fit_curve(points, decay_curve, {first, std::log(rate), last + std::log(share)}, {0});
      if (fit && (!best || fit->goodness.akaike() < best->goodness.akaike())) best = std::move(fit);
    }
  return best ? fit_curve(points, decay_curve, best->values, resamples) : best;
}

void fit_steps_of(const std::string& label, double alpha, std::int64_t d, const std::vector<const PairedPoint*>& points,
                  Resamples resamples, LossFits& all) {
  LossStepsFit fit;
  fit.label = label;
  fit.alpha = alpha;
  fit.d = d;
  std::vector<LawPoint> losses;
  for (const PairedPoint* point : points) {
    fit.points.push_back(point->shown);
    losses.push_back(point->loss);
    losses.back().x = std::log(static_cast<double>(point->shown.steps));
  }
  const auto found = fit_decay(losses, resamples);
  const bool determined = found && found->by_fit[1].standard_error < most_relative_error &&
                          !(found->by_seeds[1].standard_error > most_relative_error);
  if (!determined) {
    all.notes.push_back(label + " alpha=" + to_text(alpha) + " d=" + to_text(d) + ": no law of loss against steps, " +
                        (found ? "its losses do not determine a rate" : "the fit does not converge"));
    return;
  }
  fit.factor = std::exp(found->values[0]);
  fit.rate = judge(exponential(found->by_seeds[1]), exponential(found->by_fit[1]), std::nullopt);
  fit.floor.value = 0;
  if (found->values.size() > 2)
    fit.floor = judge(exponential(found->by_seeds[2]), exponential(found->by_fit[2]), std::nullopt);
  fit.goodness = found->goodness;
  all.steps.push_back(std::move(fit));
}

}  // namespace

LossFits fit_losses(const StepSweep& sweep, const std::vector<StepPoint>& points, Resamples resamples) {
  LossFits found;
  const std::string& label = sweep.group->label;
  std::vector<PairedPoint> pairs;
  for (const StepPoint& point : points)
    if (point.loss) pairs.push_back(paired_point(point));
  if (pairs.empty()) return found;
  std::map<std::int64_t, std::vector<const PairedPoint*>> by_d;
  for (const PairedPoint& pair : pairs) by_d[pair.shown.d].push_back(&pair);
  if (spreads(pairs))
    found.items.push_back(fit_items(label, sweep.by_steps.rbegin()->second.begin()->second.cell->trial, pairs));
  else
    found.notes.push_back(label + " alpha=" + to_text(sweep.alpha) +
                          ": no law of loss against recovered items, it needs three points whose capacities differ "
                          "by half and more");
  for (const auto& [d, of_d] : by_d)
    if (of_d.size() >= fewest_loss_steps) fit_steps_of(label, sweep.alpha, d, of_d, resamples, found);
  return found;
}

}  // namespace memscale
