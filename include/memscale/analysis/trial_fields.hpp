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
  of_method,  ///< each method has its own, so compared within one method alone
  measured,   ///< what is measured besides: trials that differ in it alone are the same
  version,    ///< of the program's physics: keeps results apart, told only where it does
  shared      ///< belongs to every method; so does any parameter yet to come
};

FieldRole field_role(std::string_view name);

/// Whether trials that differ in such a field are of different families, told apart by "name=value".
bool sets_apart(FieldRole role);

/// Whether a canonical trial's field of this name means anything: eta_growth after one step does not, nor ridge to gd.
bool field_applies(std::string_view name, const Trial& trial);

/// One parameter: its name, its value as a sortable number (an enum's code), and as text.
struct TrialField {
  std::string name;
  double code;
  std::string text;
};

/// All parameters of a canonical trial, in order. An automatic lambda is "auto", so that it is equal for every d and
/// alpha; eta and eta_growth have their units in their texts: "2*sqrt(d)".
std::vector<TrialField> trial_fields(const Trial& trial);

/// Whether a canonical trial's lambda is the one that canonical() chooses by itself.
bool has_automatic_lambda(const Trial& trial);

}  // namespace memscale
