#include "memscale/analysis/labels.hpp"

#include "memscale/analysis/trial_fields.hpp"

namespace memscale {

namespace {

bool is_told(FieldRole role) {
  return sets_apart(role) && role != FieldRole::version;
}

/// Told by the text of the number that it belongs to.
bool is_unit(std::string_view name) {
  return name.ends_with("_scale");
}

std::string unit_of(const std::string& name) {
  return name + "_scale";
}

/// Among which kinds a field is compared.
std::string scope(std::string_view name, const Trial& trial) {
  if (name == "threshold_value") return std::string(name_of(trial.threshold));  // a margin is no probability
  if (name == "representation")                                                 // the basis decides on it
    return method_name(trial) + " " + std::string(name_of(trial.task_basis));
  return field_role(name) == FieldRole::of_method ? method_name(trial) : std::string();
}

}  // namespace

void Labels::add(const Trial& trial) {
  ++kinds_;
  for (const TrialField& field : trial_fields(trial)) {
    if (!field_applies(field.name, trial)) continue;
    compared_[{scope(field.name, trial), field.name}].insert(field.code);
    all_[field.name].insert(field.code);
    ++bearers_[field.name];
  }
}

std::string Labels::label(const Trial& trial) const {
  std::string text = method_name(trial);
  for (const TrialField& field : trial_fields(trial))
    if (!is_unit(field.name) && !untold_.contains(field.name) && is_apart(field.name, trial))
      text.append(" ").append(field.name).append("=").append(field.text);
  return text;
}

std::vector<std::pair<std::string, std::string>> Labels::common(const Trial& any) const {
  std::vector<std::pair<std::string, std::string>> found;
  for (const TrialField& field : trial_fields(any))
    if (is_told(field_role(field.name)) && !is_unit(field.name) && agrees(field.name))
      found.emplace_back(field.name, field.text);
  return found;
}

bool Labels::is_apart(const std::string& name, const Trial& trial) const {
  if (!sets_apart(field_role(name)) || !field_applies(name, trial)) return false;
  const auto differs = [&](const std::string& field) {
    const auto found = compared_.find({scope(name, trial), field});
    return found != compared_.end() && found->second.size() > 1;
  };
  return differs(name) || differs(unit_of(name));
}

bool Labels::agrees(const std::string& name) const {
  const auto one_value = [&](const std::string& field) {
    const auto found = all_.find(field);
    return found == all_.end() || found->second.size() == 1;
  };
  const auto bearers = bearers_.find(name);
  return bearers != bearers_.end() && bearers->second == kinds_ && one_value(name) && one_value(unit_of(name));
}

}  // namespace memscale
