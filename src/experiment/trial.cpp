#include "memscale/experiment/trial.hpp"

#include <algorithm>
#include <cmath>

#include "memscale/core/text.hpp"
#include "orthogonal_rules.hpp"
#include "trial_checks.hpp"

namespace memscale {

namespace {

/// (A)'s choice: lambda ~ max{(log d)^(2 alpha + 2) / d^alpha, (log d)^2 / B}.
double automatic_lambda(const Trial& t) {
  const double log_d = std::log(static_cast<double>(t.d));
  const double lambda =
      std::max(std::pow(log_d, 2 * t.alpha + 2) / std::pow(static_cast<double>(t.d), t.alpha), log_d * log_d / t.batch);
  return lambda;
}

void check_gaussian(const Trial& t) {
  require(t.d >= 1 && t.d <= 65536, "d", t.d, "must be between 1 and 65536");
  require(t.items >= 1 && t.items <= 100'000'000, "items", t.items, "must be between 1 and 100000000");
  require(std::isfinite(t.kappa) && t.kappa >= 0 && t.kappa <= 20, "kappa", t.kappa, "must be between 0 and 20");
  require(std::isfinite(t.alpha) && t.alpha > 0 && t.alpha <= 20, "alpha", t.alpha, "must be positive and at most 20");
  require(t.seed >= 0, "seed", t.seed, "must not be negative");
  require(t.batch >= 1 && (std::isinf(t.batch) || (t.batch <= 1e15 && t.batch == std::floor(t.batch))), "batch",
          t.batch, "must be a whole number between 1 and 1e15, or inf, the population gradient");
  if (t.optimizer == OptimizerKind::tra_signgd)
    throw invalid("optimizer", "tra-signgd", "must be another for model = gaussian, which has no task basis");
}

/// Fields of orthogonal memories mean nothing here.
void settle_gaussian(Trial& t) {
  t.frequencies = FrequencyKind::zipf;
  t.groups = 0;
  t.head_mass = t.head_share = t.label_noise = 0;
  t.task_basis = TaskBasisKind::none;
  t.representation = Representation::none;
}

/// Rows of the largest matrix whose singular values are taken.
std::int64_t svd_size(const Trial& t) {
  return t.representation == Representation::reduced ? t.groups : t.d;
}

void check_training(const Trial& t) {
  require(t.steps >= 1 && t.steps <= 1'000'000, "steps", t.steps, "must be between 1 and 1000000");
  if (t.optimizer == OptimizerKind::newton)
    require(t.steps == 1, "steps", t.steps, "must be 1 for newton: its closed form holds at W = 0 only");
  if (t.optimizer == OptimizerKind::adam)
    require(t.steps > 1, "steps", t.steps, "must be at least 2 for adam: its first step is signgd's");
  // Far inside the range of float64, so that denormals, which count as 0, stay out of W.
  require(t.eta >= 1e-100 && t.eta <= 1e100, "eta", Multiple{t.eta, t.eta_scale}, "must be between 1e-100 and 1e100");
  require(t.eta_growth >= 1e-3 && t.eta_growth <= 1e3, "eta-growth", Multiple{t.eta_growth, t.eta_growth_scale},
          "must be between 0.001 and 1000");
  if (t.eta_scale == EtaScale::log_d_over_steps)
    require(t.d >= 2, "d", t.d, "must be at least 2 where eta is a multiple of log(d)/steps");
  require(t.stop_growth >= 0 && t.stop_growth <= 1, "stop-growth", t.stop_growth, "must be between 0 and 1");
  if (t.stop_growth > 0)
    require(t.stop_window >= 1 && t.stop_window <= 1'000'000, "stop-window", t.stop_window,
            "must be between 1 and 1000000");
}

/// The rule's own value where none is given: a margin of 1, a probability of 1/2, the predicted capacity itself.
double automatic_threshold(ThresholdRule rule) {
  switch (rule) {
    case ThresholdRule::margin:
    case ThresholdRule::rank:
      return 1;
    case ThresholdRule::probability:
      return 0.5;
    case ThresholdRule::argmax:
    case ThresholdRule::none:
      break;
  }
  return 0;
}

void settle_threshold(Trial& t) {
  if (t.gradient == GradientKind::exact) t.threshold = ThresholdRule::none;
  if (t.gradient == GradientKind::thresholded)
    require(t.threshold != ThresholdRule::none, "threshold", "none",
            "must be one of argmax, margin, probability, rank for a thresholded gradient");
  if (std::isnan(t.threshold_value)) t.threshold_value = automatic_threshold(t.threshold);
  const double value = t.threshold_value;
  switch (t.threshold) {
    case ThresholdRule::none:
    case ThresholdRule::argmax:
      t.threshold_value = 0;
      break;
    case ThresholdRule::margin:
      require(value >= 0 && value <= 1e100, "threshold-value", value, "must be between 0 and 1e100 for a margin");
      break;
    case ThresholdRule::probability:
      require(value >= 0.5 && value < 1, "threshold-value", value,
              "must be between 0.5 and 1, 1 excluded, for a probability");
      break;
    case ThresholdRule::rank:
      require(value > 0 && value <= 1e100, "threshold-value", value,
              "must be positive and at most 1e100 for a multiple of the predicted capacity");
      // Only these have a predicted capacity for every step.
      if (t.optimizer != OptimizerKind::muon && t.optimizer != OptimizerKind::gd)
        throw invalid("threshold", "rank",
                      "must be argmax, margin or probability for " + std::string(name_of(t.optimizer)));
      if (!(t.alpha > 0.5))
        throw invalid("threshold", "rank",
                      "must be argmax, margin or probability for alpha up to 0.5, as for alpha=" + to_text(t.alpha));
      break;
  }
}

/// What means nothing in a single step from W = 0.
void settle_steps(Trial& t) {
  if (t.steps == 1) {
    t.eta_growth = 1;
    t.eta_growth_scale = EtaScale::absolute;
    t.stop_growth = 0;
    t.gradient = GradientKind::exact;
    t.momentum = 0;
  }
  if (t.stop_window >= t.steps - 1) t.stop_growth = 0;  // the last step ends the trial anyway
  if (t.stop_growth == 0) t.stop_window = 0;
}

void settle_measures(Trial& t) {
  constexpr std::int64_t largest_cheap = 2048, most_values = 10'000'000;
  if (t.loss_measure == LossMeasure::automatic)
    t.loss_measure = t.steps > 1 && t.gradient == GradientKind::exact && std::isinf(t.batch) ? LossMeasure::exact
                                                                                             : LossMeasure::none;
  if (t.spectra_measure == SpectraMeasure::automatic)
    t.spectra_measure =
        svd_size(t) <= largest_cheap && t.d <= most_values ? SpectraMeasure::final : SpectraMeasure::none;
  if (t.spectra_measure == SpectraMeasure::final)
    require(svd_size(t) <= largest_svd, "d", t.d, "must be between 1 and 16384 where spectra are measured");
}

void check_adam(const Trial& t) {
  require(t.beta1 >= 0 && t.beta1 < 1, "beta1", t.beta1, "must be from 0 to below 1");
  require(t.beta2 >= 0 && t.beta2 < 1, "beta2", t.beta2, "must be from 0 to below 1");
  require(t.epsilon >= 1e-100 && t.epsilon <= 1e100, "epsilon", t.epsilon, "must be between 1e-100 and 1e100");
}

void check_muon(const Trial& t) {
  require(t.momentum >= 0 && t.momentum < 1, "momentum", t.momentum, "must be from 0 to below 1");
  require(t.orthogonalizer != Orthogonalizer::none, "orthogonalizer", "none",
          "must be one of svd, regularized, newton-schulz");
  if (t.orthogonalizer != Orthogonalizer::newton_schulz)
    require(svd_size(t) <= largest_svd, "d", t.d, "must be between 1 and 16384 for muon by svd or regularized");
  if (t.orthogonalizer == Orthogonalizer::regularized)
    require(std::isfinite(t.lambda) && t.lambda > 0, "lambda", t.lambda,
            "must be positive, or auto where d is at least 2");
  if (t.orthogonalizer == Orthogonalizer::newton_schulz) {
    require(t.ns_coefficients != NewtonSchulzSet::none, "ns-coefficients", "none",
            "must be one of jordan, cubic, quintic, polar-express, cans");
    require(t.ns_steps >= 1 && t.ns_steps <= 1000, "ns-steps", t.ns_steps, "must be between 1 and 1000");
    if (t.ns_lower != 0)
      require(t.ns_lower > 0 && t.ns_lower < 1, "ns-lower", t.ns_lower, "must be between 0 and 1, both excluded");
  }
}

}  // namespace

Trial canonical(Trial t) {
  if (t.model == ModelKind::gaussian) {
    check_gaussian(t);
    settle_gaussian(t);
  } else {
    settle_orthogonal(t);
  }
  check_training(t);
  settle_steps(t);
  settle_threshold(t);
  settle_measures(t);
  if (t.optimizer != OptimizerKind::muon) t.orthogonalizer = Orthogonalizer::none;
  if (t.optimizer == OptimizerKind::muon) {
    if (t.orthogonalizer == Orthogonalizer::regularized && std::isnan(t.lambda)) t.lambda = automatic_lambda(t);
    check_muon(t);
  }
  if (t.optimizer != OptimizerKind::muon) t.momentum = 0;
  if (t.optimizer == OptimizerKind::adam)
    check_adam(t);
  else
    t.beta1 = t.beta2 = t.epsilon = 0;
  if (t.orthogonalizer != Orthogonalizer::regularized) t.lambda = 0;
  if (t.orthogonalizer != Orthogonalizer::newton_schulz) {
    t.ns_coefficients = NewtonSchulzSet::none;
    t.ns_steps = 0;
  }
  const bool tuned = t.ns_coefficients == NewtonSchulzSet::polar_express || t.ns_coefficients == NewtonSchulzSet::cans;
  if (!tuned) t.ns_lower = 0;
  if (tuned) require(t.ns_lower > 0, "ns-lower", t.ns_lower, "must be between 0 and 1, both excluded");
  if (t.optimizer != OptimizerKind::newton) t.ridge = 0;
  require(std::isfinite(t.ridge) && t.ridge >= 0, "ridge", t.ridge, "must not be negative");
  if (t.kappa == 0) t.kappa = 0;  // -0 and 0 are one value
  if (t.ridge == 0) t.ridge = 0;
  if (t.momentum == 0) t.momentum = 0;
  if (t.beta1 == 0) t.beta1 = 0;
  if (t.beta2 == 0) t.beta2 = 0;
  if (t.stop_growth == 0) t.stop_growth = 0;
  if (t.threshold_value == 0) t.threshold_value = 0;
  return t;
}

double learning_rate(const Trial& t, std::int64_t step) {
  const auto in_units = [&](double factor, EtaScale scale) {
    switch (scale) {
      case EtaScale::sqrt_d:
        return factor * std::sqrt(static_cast<double>(t.d));
      case EtaScale::log_d_over_steps:
        return factor * std::log(static_cast<double>(t.d)) / static_cast<double>(t.steps);
      case EtaScale::absolute:
        break;
    }
    return factor;
  };
  return in_units(t.eta, t.eta_scale) *
         std::pow(in_units(t.eta_growth, t.eta_growth_scale), static_cast<double>(step - 1));
}

std::string method_name(const Trial& t) {
  std::string name(name_of(t.optimizer));
  if (t.optimizer != OptimizerKind::muon || t.orthogonalizer == Orthogonalizer::svd) return name;
  name.append(" ").append(name_of(t.orthogonalizer));
  if (t.orthogonalizer == Orthogonalizer::newton_schulz)
    name.append(" ").append(name_of(t.ns_coefficients)).append(" ").append(to_text(t.ns_steps));
  return name;
}

}  // namespace memscale
