#include "memscale/analysis/family_group.hpp"

#include <algorithm>
#include <map>

#include "memscale/analysis/trial_fields.hpp"

namespace memscale {

namespace {

/// Rules that end a trial early change no step before.
bool ends_early(std::string_view name) {
  return name.starts_with("stop_");
}

bool is_compared(std::string_view name, std::string_view parameter) {
  const FieldRole role = field_role(name);
  if (role == FieldRole::axis || role == FieldRole::measured || name == parameter) return false;
  return !(parameter == "steps" && ends_early(name));
}

/// A value of each compared field.
std::vector<double> key_of(const Trial& trial, std::string_view parameter) {
  std::vector<double> key;
  for (const TrialField& field : trial_fields(trial))
    if (is_compared(field.name, parameter)) key.push_back(field.code);
  return key;
}

/// Whether a trial of one step is the first step of another: equal in all that one step heeds.
bool begins(const Trial& one_step, const Trial& other) {
  const std::vector<TrialField> first = trial_fields(one_step), longer = trial_fields(other);
  for (std::size_t i = 0; i < first.size(); ++i)
    if (is_compared(first[i].name, "steps") && field_applies(first[i].name, one_step) &&
        first[i].code != longer[i].code)
      return false;
  return true;
}

double value_of(const Trial& trial, std::string_view parameter) {
  for (const TrialField& field : trial_fields(trial))
    if (field.name == parameter) return field.code;
  return 0;
}

/// "muon batch=100 kappa=1" without "batch=100".
std::string label_without(std::string label, std::string_view name) {
  const std::string begin = " " + std::string(name) + "=";
  const auto from = label.find(begin);
  if (from != std::string::npos) label.erase(from, std::min(label.find(' ', from + 1), label.size()) - from);
  return label;
}

std::string group_label(const Family& family, std::string_view parameter) {
  std::string label = family.label;
  for_each_field(family.trial, [&](std::string_view name, const auto&) {
    if (name == parameter || (parameter == "steps" && ends_early(name))) label = label_without(label, name);
  });
  return label;
}

}  // namespace

std::vector<FamilyGroup> families_along(const Aggregate& data, std::string_view parameter) {
  std::vector<FamilyGroup> groups;
  std::map<std::vector<double>, std::size_t> found;
  const auto add = [&](const Family& family) {
    const auto [at, fresh] = found.try_emplace(key_of(family.trial, parameter), groups.size());
    if (fresh) groups.push_back({group_label(family, parameter), {}});
    groups[at->second].families.push_back(&family);
  };
  const auto is_alone = [&](const Family& f) { return parameter == "steps" && f.trial.steps == 1; };
  for (const Family& family : data.families)
    if (!is_alone(family)) add(family);
  const std::size_t several = groups.size();
  for (const Family& family : data.families) {
    if (!is_alone(family)) continue;
    const auto last = groups.begin() + static_cast<std::ptrdiff_t>(several);
    const auto group = std::find_if(
        groups.begin(), last, [&](const FamilyGroup& g) { return begins(family.trial, g.families.front()->trial); });
    if (group != last)
      group->families.push_back(&family);
    else
      add(family);
  }
  for (FamilyGroup& group : groups)
    std::stable_sort(group.families.begin(), group.families.end(), [&](const Family* a, const Family* b) {
      return value_of(a->trial, parameter) < value_of(b->trial, parameter);
    });
  return groups;
}

}  // namespace memscale
