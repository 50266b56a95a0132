#include "memscale/analysis/run_group.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "memscale/analysis/labels.hpp"
#include "memscale/analysis/trial_fields.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

using Names = std::set<std::string, std::less<>>;

Names all_free(const std::vector<std::string_view>& given) {
  Names free(given.begin(), given.end());
  if (free.contains("eta")) free.insert("eta_scale");
  if (free.contains("d")) free.insert("items");
  return free;
}

/// Methods first, so that a method's groups stand together.
std::vector<double> group_key(const Trial& trial, const Names& free) {
  std::vector<double> method, others;
  for_each_field(trial, [&](std::string_view name, const auto& value) {
    const FieldRole role = field_role(name);
    if (free.contains(name) || role == FieldRole::measured) return;
    (role == FieldRole::in_name ? method : others).push_back(static_cast<double>(value));
  });
  method.insert(method.end(), others.begin(), others.end());
  return method;
}

/// By which a group's runs are ordered.
std::vector<double> free_values(const Trial& trial, const std::vector<std::string_view>& free) {
  std::vector<double> values;
  for (std::string_view wanted : free)
    for_each_field(trial, [&](std::string_view name, const auto& value) {
      if (name == wanted) values.push_back(name == "eta" ? learning_rate(trial, 1) : static_cast<double>(value));
    });
  return values;
}

}  // namespace

std::vector<RunGroup> group_runs(std::span<const OrthogonalRun* const> runs,
                                 const std::vector<std::string_view>& free) {
  const Names names = all_free(free);
  std::map<std::vector<double>, std::vector<const OrthogonalRun*>> by_key;
  for (const OrthogonalRun* run : runs) by_key[group_key(run->trial, names)].push_back(run);
  Names untold = names;
  untold.insert({"d", "items", "steps"});
  Labels labels(untold);
  for (const auto& [key, members] : by_key) labels.add(members.front()->trial);
  std::vector<RunGroup> groups;
  for (auto& [key, members] : by_key) {
    std::stable_sort(members.begin(), members.end(), [&](const OrthogonalRun* a, const OrthogonalRun* b) {
      return free_values(a->trial, free) < free_values(b->trial, free);
    });
    groups.push_back({labels.label(members.front()->trial), std::move(members)});
  }
  return groups;
}

double zipf_exponent(const Trial& trial) {
  return trial.frequencies == FrequencyKind::zipf ? trial.alpha : std::numeric_limits<double>::quiet_NaN();
}

std::string run_name(const std::string& label, const Trial& trial) {
  const bool zipf = trial.frequencies == FrequencyKind::zipf;
  return label + (zipf ? " alpha=" + to_text(trial.alpha) : "") + " d=" + to_text(trial.d) +
         " steps=" + to_text(trial.steps);
}

}  // namespace memscale
