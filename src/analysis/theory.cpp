#include "memscale/analysis/theory.hpp"

#include <cmath>

#include "memscale/analysis/trial_fields.hpp"

namespace memscale {

std::optional<PredictedLaw> predicted_law(const Trial& t) {
  constexpr PredictedLaw gradient{0, 0.5};  // d^(1 / (2 alpha)): noise d^-1/2 hides items with i^-alpha below it
  constexpr PredictedLaw spectral{1, 0.5};  // d^(1 + 1 / (2 alpha)), arXiv 2603.26554
  constexpr double paper_ridge = 1e-8;
  if (t.model != ModelKind::gaussian || t.gradient != GradientKind::exact) return std::nullopt;
  if (t.steps != 1 || !std::isinf(t.batch) || t.kappa != 0) return std::nullopt;
  if (t.optimizer == OptimizerKind::gd) return gradient;
  if (t.optimizer == OptimizerKind::newton && t.ridge <= paper_ridge) return spectral;
  if (t.optimizer == OptimizerKind::muon && t.orthogonalizer == Orthogonalizer::svd) return spectral;
  if (t.optimizer == OptimizerKind::muon && has_automatic_lambda(t)) return spectral;
  return std::nullopt;
}

std::optional<double> predicted_exponent(const Trial& trial) {
  const auto law = predicted_law(trial);
  if (!law || trial.alpha <= 1) return std::nullopt;
  return law->c1 + law->c2 / trial.alpha;
}

}  // namespace memscale
