#include "memscale/analysis/aggregate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "memscale/analysis/trial_fields.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

using FamilyKey = std::vector<double>;
using CellMap = std::map<std::int64_t, std::map<std::int64_t, const Record*>>;  // d -> seed -> record
using FamilyMap = std::map<FamilyKey, std::map<double, CellMap>>;               // -> alpha -> cells

/// Whether families that differ in such a field are told apart by "name=value".
bool is_comparable(FieldRole role) {
  return role == FieldRole::shared || role == FieldRole::of_method || role == FieldRole::version;
}

/// Methods first, so that a method's families stand together.
FamilyKey family_key(const Trial& trial) {
  FamilyKey method, others;
  for (const TrialField& field : trial_fields(trial)) {
    const FieldRole role = field_role(field.name);
    if (role == FieldRole::in_name) method.push_back(field.code);
    if (is_comparable(role)) others.push_back(field.code);
  }
  method.insert(method.end(), others.begin(), others.end());
  return method;
}

/// Mean capacity after each step. A trial that has ended counts with its result: 0 if it diverged.
std::vector<double> mean_trace(const std::map<std::int64_t, const Record*>& by_seed) {
  std::size_t longest = 0;
  for (const auto& [seed, record] : by_seed) longest = std::max(longest, record->trace.capacity.size());
  std::vector<double> mean(longest);
  for (const auto& [seed, record] : by_seed)
    for (std::size_t step = 0; step < longest; ++step)
      mean[step] += step < record->trace.capacity.size() ? record->trace.capacity[step]
                                                         : static_cast<double>(record->result.capacity);
  for (double& value : mean) value /= static_cast<double>(by_seed.size());
  return mean;
}

Cell make_cell(const std::map<std::int64_t, const Record*>& by_seed) {
  Cell cell;
  cell.trial = by_seed.begin()->second->trial;
  cell.fewest_steps = cell.trial.steps;
  cell.mean_trace = mean_trace(by_seed);
  for (const auto& [seed, record] : by_seed) {
    cell.seeds.push_back(seed);
    cell.capacities.push_back(static_cast<double>(record->result.capacity));
    cell.mean_capacity += static_cast<double>(record->result.capacity);
    cell.mean_accuracy += record->result.accuracy;
    cell.mean_prefix += static_cast<double>(record->result.prefix);
    cell.cut_short += record->result.steps_done < record->trial.steps;
    cell.fewest_steps = std::min(cell.fewest_steps, record->result.steps_done);
  }
  const auto n = static_cast<double>(cell.seeds.size());
  cell.mean_capacity /= n;
  cell.mean_accuracy /= n;
  cell.mean_prefix /= n;
  double squares = 0;
  for (double c : cell.capacities) squares += (c - cell.mean_capacity) * (c - cell.mean_capacity);
  cell.standard_error = n > 1 ? std::sqrt(squares / (n - 1) / n) : std::numeric_limits<double>::quiet_NaN();
  return cell;
}

/// What sets families apart: one trial of each is added.
class Labels {
 public:
  void add(const Trial& trial) {
    ++families_;
    for (const TrialField& field : trial_fields(trial)) {
      if (!field_applies(field.name, trial)) continue;
      compared_[{scope(field.name, trial), field.name}].insert(field.code);
      all_[field.name].insert(field.code);
      ++bearers_[field.name];
    }
  }

  std::string label(const Trial& trial) const {
    std::string text = method_name(trial);
    for (const TrialField& field : trial_fields(trial))
      if (!is_unit(field.name) && is_apart(field.name, trial))
        text.append(" ").append(field.name).append("=").append(field.text);
    return text;
  }

  /// Parameters that mean something to all families and are equal in all: names and values.
  std::vector<std::pair<std::string, std::string>> common(const Trial& any) const {
    std::vector<std::pair<std::string, std::string>> found;
    for (const TrialField& field : trial_fields(any))
      if (is_told(field_role(field.name)) && !is_unit(field.name) && agrees(field.name))
        found.emplace_back(field.name, field.text);
    return found;
  }

 private:
  static bool is_told(FieldRole role) { return is_comparable(role) && role != FieldRole::version; }

  /// Told by the text of the number that it belongs to.
  static bool is_unit(std::string_view name) { return name.ends_with("_scale"); }
  static std::string unit_of(const std::string& name) { return name + "_scale"; }

  /// Among which families a field is compared.
  static std::string scope(std::string_view name, const Trial& trial) {
    if (name == "threshold_value") return std::string(name_of(trial.threshold));  // a margin is no probability
    return field_role(name) == FieldRole::of_method ? method_name(trial) : std::string();
  }

  bool is_apart(const std::string& name, const Trial& trial) const {
    if (!is_comparable(field_role(name)) || !field_applies(name, trial)) return false;
    const auto differs = [&](const std::string& field) {
      const auto found = compared_.find({scope(name, trial), field});
      return found != compared_.end() && found->second.size() > 1;
    };
    return differs(name) || differs(unit_of(name));
  }

  bool agrees(const std::string& name) const {
    const auto one_value = [&](const std::string& field) {
      const auto found = all_.find(field);
      return found == all_.end() || found->second.size() == 1;
    };
    const auto bearers = bearers_.find(name);
    return bearers != bearers_.end() && bearers->second == families_ && one_value(name) && one_value(unit_of(name));
  }

  std::size_t families_ = 0;
  std::map<std::pair<std::string, std::string>, std::set<double>> compared_;  // (scope, parameter) -> its values
  std::map<std::string, std::set<double>> all_;                               // parameter -> its values
  std::map<std::string, std::size_t> bearers_;  // parameter -> families to which it means something
};

/// Labels each family, and lists what none differs in.
Labels label_families(Aggregate& data) {
  Labels labels;
  for (const Family& family : data.families) labels.add(family.trial);
  for (Family& family : data.families) family.label = labels.label(family.trial);
  if (!data.families.empty()) data.common = labels.common(data.families.front().trial);
  return labels;
}

std::string counted(std::int64_t count, const std::string& noun) {
  return to_text(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string name_of_cell(const std::string& label, const Trial& trial) {
  return label + " alpha=" + to_text(trial.alpha) + " d=" + to_text(trial.d);
}

bool has_cell(const FamilyMap& families, const FamilyKey& key, double alpha, std::int64_t d) {
  const auto family = families.find(key);
  if (family == families.end()) return false;
  const auto series = family->second.find(alpha);
  return series != family->second.end() && series->second.contains(d);
}

/// Tells each cell of `failed` that has no finished trial. A family with none at all is labelled as if it were there.
void tell_lost_cells(const FamilyMap& failed, const FamilyMap& finished, const Labels& labels, Aggregate& data) {
  Labels all = labels;
  for (const auto& [key, by_alpha] : failed)
    if (!finished.contains(key)) all.add(by_alpha.begin()->second.begin()->second.begin()->second->trial);
  for (const auto& [key, by_alpha] : failed)
    for (const auto& [alpha, by_d] : by_alpha)
      for (const auto& [d, by_seed] : by_d) {
        if (has_cell(finished, key, alpha, d)) continue;
        const Trial& trial = by_seed.begin()->second->trial;
        const auto count = static_cast<std::int64_t>(by_seed.size());
        data.notes.push_back(name_of_cell((finished.contains(key) ? labels : all).label(trial), trial) +
                             ": left out, " +
                             (count == 1 ? "its one trial failed" : "all " + to_text(count) + " trials failed"));
      }
}

}  // namespace

Aggregate aggregate(const std::vector<Record>& records) {
  Aggregate data;
  FamilyMap families, failed;
  std::int64_t repeated = 0;
  for (const Record& record : records) {
    const Trial& t = record.trial;
    if (record.result.status == TrialStatus::failed) {
      ++data.failed;
      failed[family_key(t)][t.alpha][t.d].emplace(t.seed, &record);
      continue;
    }
    if (!families[family_key(t)][t.alpha][t.d].emplace(t.seed, &record).second) {
      ++repeated;
      continue;
    }
    ++data.finished;
    if (record.result.status == TrialStatus::diverged) ++data.diverged;
  }
  for (const auto& [key, by_alpha] : families) {
    Family family;
    for (const auto& [alpha, by_d] : by_alpha) {
      Series series{alpha, {}};
      for (const auto& [d, by_seed] : by_d) series.cells.push_back(make_cell(by_seed));
      family.series.push_back(std::move(series));
    }
    family.trial = family.series.front().cells.front().trial;
    data.families.push_back(std::move(family));
  }
  const Labels labels = label_families(data);
  if (data.failed > 0) data.notes.push_back(counted(data.failed, "failed trial") + " left out");
  tell_lost_cells(failed, families, labels, data);
  if (data.diverged > 0)
    data.notes.push_back(counted(data.diverged, "diverged trial") + " counted with the capacity recorded");
  if (repeated > 0)
    data.notes.push_back(counted(repeated, "repeated record") + " left out, the first of a trial counts");
  return data;
}

std::string series_name(const Family& family, const Series& series) {
  return family.label + " alpha=" + to_text(series.alpha);
}

std::string cell_name(const Family& family, const Cell& cell) {
  return name_of_cell(family.label, cell.trial);
}

}  // namespace memscale
