#include "memscale/analysis/theory.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "memscale/analysis/trial_fields.hpp"
#include "memscale/model/capacity_exponent.hpp"

namespace memscale {

namespace {

constexpr double small = 0.1;  // "far below", for lambda and ridge

bool is_isotropic_population(const Trial& t) {
  return t.model == ModelKind::gaussian && std::isinf(t.batch) && t.kappa == 0;
}

/// After several steps: of the thresholded gradient, conjectured for the exact one.
/// Muon's rate must be about sqrt(d) for the softmax to see its steps; a thresholded gradient sees no scale. GD's must
/// grow by about sqrt(d) a step.
std::optional<double> exponent_of_steps(const Trial& t) {
  if (!is_isotropic_population(t)) return std::nullopt;
  const bool seen = t.gradient == GradientKind::thresholded || t.eta_scale == EtaScale::sqrt_d;
  if (t.optimizer == OptimizerKind::muon && t.orthogonalizer == Orthogonalizer::svd && t.momentum == 0 && seen)
    return muon_exponent(t.alpha, t.steps);
  if (t.optimizer == OptimizerKind::gd && t.eta_growth_scale == EtaScale::sqrt_d) return gd_exponent(t.alpha, t.steps);
  return std::nullopt;
}

}  // namespace

std::optional<PredictedLaw> asymptotic_law(const Trial& t) {
  constexpr PredictedLaw gradient{0, 0.5};  // d^(1 / (2 alpha)): noise d^-1/2 hides items with i^-alpha below it
  constexpr PredictedLaw spectral{1, 0.5};  // d^(1 + 1 / (2 alpha)), arXiv 2603.26554
  constexpr double paper_ridge = 1e-8;
  if (!is_isotropic_population(t) || t.steps != 1) return std::nullopt;
  if (t.optimizer == OptimizerKind::gd || t.optimizer == OptimizerKind::ngd) return gradient;
  if (t.optimizer == OptimizerKind::newton && t.ridge <= paper_ridge) return spectral;
  if (t.optimizer == OptimizerKind::muon && t.orthogonalizer == Orthogonalizer::svd) return spectral;
  if (t.optimizer == OptimizerKind::muon && has_automatic_lambda(t)) return spectral;
  return std::nullopt;
}

std::optional<PredictedLaw> predicted_law(const Trial& trial) {
  if (trial.orthogonalizer == Orthogonalizer::regularized && !has_small_lambda(trial)) return std::nullopt;
  return asymptotic_law(trial);
}

std::optional<double> predicted_exponent(const Trial& trial) {
  if (trial.alpha <= 1) return std::nullopt;
  if (trial.steps > 1) return exponent_of_steps(trial);
  const auto law = predicted_law(trial);
  return law ? std::optional(law->c1 + law->c2 / trial.alpha) : std::nullopt;
}

double first_frequency(const Trial& trial) {
  constexpr std::int64_t summed = 1000;  // the rest by the midpoint rule, within 1e-7 of the sum
  const double alpha = trial.alpha;
  const std::int64_t head = std::min(trial.items, summed);
  double sum = 0;
  for (std::int64_t k = head; k > 0; --k) sum += std::pow(static_cast<double>(k), -alpha);
  const double from = static_cast<double>(head) + 0.5, to = static_cast<double>(trial.items) + 0.5;
  sum += alpha == 1 ? std::log(to / from) : (std::pow(from, 1 - alpha) - std::pow(to, 1 - alpha)) / (alpha - 1);
  return 1 / sum;
}

bool has_small_lambda(const Trial& trial) {
  return trial.lambda < small * first_frequency(trial);
}

bool has_small_ridge(const Trial& trial) {
  return trial.ridge <= small * std::pow(static_cast<double>(trial.d), -trial.alpha);
}

}  // namespace memscale
