#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "memscale/experiment/trial.hpp"

namespace memscale {

/// What a trial's parameter is to the analysis.
enum class FieldRole {
  axis,       ///< d, alpha, seed: varied inside a family
  in_name,    ///< told by method_name
  of_method,  ///< belongs to one method, so compared within that method alone
  shared      ///< belongs to every method; so does any parameter yet to come
};

FieldRole field_role(std::string_view name);

/// One parameter: its name, its value as a sortable number (an enum's code), and as text.
struct TrialField {
  std::string name;
  double code;
  std::string text;
};

/// All parameters of a canonical trial, in order. An automatic lambda is "auto", so that it is equal for every d and
/// alpha.
std::vector<TrialField> trial_fields(const Trial& trial);

/// Whether a canonical trial's lambda is the one that canonical() chooses by itself.
bool has_automatic_lambda(const Trial& trial);

}  // namespace memscale
