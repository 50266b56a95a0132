#include "memscale/experiment/trial.hpp"

#include <xxhash.h>

#include <cmath>

#include "memscale/core/text.hpp"

namespace memscale {

namespace {

template <class T>
std::string field_text(const T& value) {
  if constexpr (NamedEnum<T>)
    return std::string(name_of(value));
  else
    return to_text(value);
}

void require(bool holds, std::string_view key, const std::string& value, std::string_view why) {
  if (!holds) throw invalid(key, value, why);
}

/// (A)'s choice: lambda ~ max{(log d)^(2 alpha + 2) / d^alpha, (log d)^2 / B}.
double automatic_lambda(const Trial& t) {
  const double log_d = std::log(static_cast<double>(t.d));
  const double lambda =
      std::max(std::pow(log_d, 2 * t.alpha + 2) / std::pow(static_cast<double>(t.d), t.alpha), log_d * log_d / t.batch);
  return lambda;
}

void check_problem(const Trial& t) {
  require(t.d >= 1 && t.d <= 65536, "d", to_text(t.d), "must be between 1 and 65536");
  require(t.items >= 1 && t.items <= 100'000'000, "items", to_text(t.items), "must be between 1 and 100000000");
  require(std::isfinite(t.kappa) && t.kappa >= 0 && t.kappa <= 20, "kappa", to_text(t.kappa),
          "must be between 0 and 20");
  require(std::isfinite(t.alpha) && t.alpha > 0 && t.alpha <= 20, "alpha", to_text(t.alpha),
          "must be positive and at most 20");
  require(t.seed >= 0, "seed", to_text(t.seed), "must not be negative");
  require(std::isinf(t.batch) && t.batch > 0, "batch", to_text(t.batch), "must be inf, the population gradient");
}

void check_training(const Trial& t) {
  if (t.optimizer == OptimizerKind::newton)
    require(t.steps == 1, "steps", to_text(t.steps), "must be 1 for newton: its closed form holds at W = 0 only");
  require(t.steps == 1, "steps", to_text(t.steps), "must be 1");
  // Far inside the range of float64, so that denormals, which count as 0, stay out of W.
  require(t.eta >= 1e-100 && t.eta <= 1e100, "eta", to_text(t.eta), "must be between 1e-100 and 1e100");
}

void check_muon(const Trial& t) {
  require(t.orthogonalizer != Orthogonalizer::none, "orthogonalizer", "none",
          "must be one of svd, regularized, newton-schulz");
  // dgesdd counts its 4 d^2 numbers of work space in 32 bits.
  if (t.orthogonalizer != Orthogonalizer::newton_schulz)
    require(t.d <= 16384, "d", to_text(t.d), "must be between 1 and 16384 for muon by svd or regularized");
  if (t.orthogonalizer == Orthogonalizer::regularized)
    require(std::isfinite(t.lambda) && t.lambda > 0, "lambda", to_text(t.lambda),
            "must be positive, or auto where d is at least 2");
  if (t.orthogonalizer == Orthogonalizer::newton_schulz) {
    require(t.ns_coefficients != NewtonSchulzSet::none, "ns-coefficients", "none",
            "must be one of jordan, cubic, quintic, polar-express, cans");
    require(t.ns_steps >= 1 && t.ns_steps <= 1000, "ns-steps", to_text(t.ns_steps), "must be between 1 and 1000");
    if (t.ns_lower != 0)
      require(t.ns_lower > 0 && t.ns_lower < 1, "ns-lower", to_text(t.ns_lower),
              "must be between 0 and 1, both excluded");
  }
}

}  // namespace

Trial canonical(Trial t) {
  check_problem(t);
  check_training(t);
  if (t.optimizer != OptimizerKind::muon) t.orthogonalizer = Orthogonalizer::none;
  if (t.optimizer == OptimizerKind::muon) {
    if (t.orthogonalizer == Orthogonalizer::regularized && std::isnan(t.lambda)) t.lambda = automatic_lambda(t);
    check_muon(t);
  }
  if (t.orthogonalizer != Orthogonalizer::regularized) t.lambda = 0;
  if (t.orthogonalizer != Orthogonalizer::newton_schulz) {
    t.ns_coefficients = NewtonSchulzSet::none;
    t.ns_steps = 0;
  }
  const bool tuned = t.ns_coefficients == NewtonSchulzSet::polar_express || t.ns_coefficients == NewtonSchulzSet::cans;
  if (!tuned) t.ns_lower = 0;
  if (tuned) require(t.ns_lower > 0, "ns-lower", to_text(t.ns_lower), "must be between 0 and 1, both excluded");
  if (t.optimizer != OptimizerKind::newton) t.ridge = 0;
  require(std::isfinite(t.ridge) && t.ridge >= 0, "ridge", to_text(t.ridge), "must not be negative");
  if (t.kappa == 0) t.kappa = 0;  // -0 and 0 are one value
  if (t.ridge == 0) t.ridge = 0;
  return t;
}

std::string canonical_text(const Trial& trial) {
  std::string text;
  for_each_field(trial, [&](const char* name, const auto& value) {
    text.append(text.empty() ? "" : " ").append(name).append("=").append(field_text(value));
  });
  return text;
}

std::uint64_t trial_id(const Trial& trial) {
  const std::string text = canonical_text(trial) + " physics=" + to_text(physics_version);
  return XXH3_64bits(text.data(), text.size());
}

std::uint64_t bundle_key(const Trial& t) {
  const std::string text = field_text(t.model) + ' ' + to_text(t.d) + ' ' + to_text(t.items) + ' ' + to_text(t.kappa) +
                           ' ' + to_text(t.seed);
  return XXH3_64bits(text.data(), text.size());
}

double learning_rate(const Trial& t) {
  return t.eta_scale == EtaScale::sqrt_d ? t.eta * std::sqrt(static_cast<double>(t.d)) : t.eta;
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
