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
  if (name == "lambda" || name == "ns_lower" || name == "ridge") return FieldRole::of_method;
  return FieldRole::shared;
}

std::vector<TrialField> trial_fields(const Trial& trial) {
  std::vector<TrialField> fields;
  for_each_field(trial, [&](const char* name, const auto& value) { fields.push_back(field_of(name, value)); });
  if (has_automatic_lambda(trial))
    for (TrialField& field : fields)
      if (field.name == "lambda") field = {"lambda", -1, "auto"};
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
