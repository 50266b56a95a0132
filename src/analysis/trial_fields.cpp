#include "memscale/analysis/trial_fields.hpp"

#include <cmath>
#include <limits>

#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

template <class T>
TrialField field_of(const char* name, const T& value) {
  if constexpr (NamedEnum<T>)
    return {name, static_cast<double>(value), std::string(name_of(value))};
  else
    return {name, static_cast<double>(value), to_text(value)};
}

}  // namespace

FieldRole field_role(std::string_view name) {
  if (name == "d" || name == "alpha" || name == "seed") return FieldRole::axis;
  if (name == "optimizer" || name == "orthogonalizer" || name == "ns_coefficients" || name == "ns_steps")
    return FieldRole::in_name;
  if (name == "lambda" || name == "ns_lower" || name == "ridge" || name == "momentum") return FieldRole::of_method;
  if (name == "beta1" || name == "beta2" || name == "epsilon" || name.starts_with("eta")) return FieldRole::of_method;
  if (name == "task_basis" || name == "representation") return FieldRole::of_method;  // to gd no basis matters
  if (name == "loss_measure" || name == "spectra_measure") return FieldRole::measured;
  if (name == "physics") return FieldRole::version;
  return FieldRole::shared;
}

bool sets_apart(FieldRole role) {
  return role == FieldRole::shared || role == FieldRole::of_method || role == FieldRole::version;
}

bool field_applies(std::string_view name, const Trial& t) {
  const bool many_steps = t.steps > 1, thresholded = t.gradient == GradientKind::thresholded;
  const bool orthogonal = t.model == ModelKind::orthogonal, zipf = t.frequencies == FrequencyKind::zipf;
  if (name == "frequencies" || name == "label_noise" || name == "task_basis" || name == "representation")
    return orthogonal;
  if (name == "groups") return orthogonal && zipf;
  if (name == "head_mass" || name == "head_share") return orthogonal && !zipf;
  if (name == "alpha") return zipf;
  if (name == "items" || name == "kappa" || name == "batch") return !orthogonal;  // there it is d, 0 and infinite
  if (name == "gradient" && orthogonal) return false;
  if (name.starts_with("eta_growth") || name == "stop_growth" || name == "gradient") return many_steps;
  if (name == "stop_window") return many_steps && t.stop_growth > 0;
  if (name == "threshold") return thresholded;
  if (name == "threshold_value") return thresholded && t.threshold != ThresholdRule::argmax;
  if (name == "momentum") return many_steps && t.optimizer == OptimizerKind::muon;
  if (name == "lambda") return t.orthogonalizer == Orthogonalizer::regularized;
  if (name == "ns_lower") return t.ns_lower != 0;
  if (name == "ridge") return t.optimizer == OptimizerKind::newton;
  if (name == "beta1" || name == "beta2" || name == "epsilon") return t.optimizer == OptimizerKind::adam;
  return true;
}

std::vector<TrialField> trial_fields(const Trial& trial) {
  std::vector<TrialField> fields;
  for_each_field(trial, [&](const char* name, const auto& value) { fields.push_back(field_of(name, value)); });
  const bool automatic = has_automatic_lambda(trial);
  for (TrialField& field : fields) {
    if (field.name == "lambda" && automatic) field = {"lambda", -1, "auto"};
    if (field.name == "eta") field.text = eta_text(trial.eta, trial.eta_scale);
    if (field.name == "eta_growth") field.text = eta_text(trial.eta_growth, trial.eta_growth_scale);
  }
  return fields;
}

bool has_automatic_lambda(const Trial& trial) {
  if (trial.orthogonalizer != Orthogonalizer::regularized) return false;
  Trial automatic = trial;
  automatic.lambda = std::numeric_limits<double>::quiet_NaN();
  try {
    const double chosen = canonical(automatic).lambda;
    return std::abs(trial.lambda - chosen) <= 1e-12 * chosen;  // pow may differ in its last digits between machines
  } catch (const InputError&) {
    return false;  // d = 1 has no automatic lambda
  }
}

}  // namespace memscale
