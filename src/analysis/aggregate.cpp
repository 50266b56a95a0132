#include "memscale/analysis/aggregate.hpp"

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

FamilyKey family_key(const Trial& trial) {
  FamilyKey key;
  for (const TrialField& field : trial_fields(trial))
    if (field_role(field.name) != FieldRole::axis) key.push_back(field.code);
  return key;
}

Cell make_cell(const std::map<std::int64_t, const Record*>& by_seed) {
  Cell cell;
  cell.trial = by_seed.begin()->second->trial;
  for (const auto& [seed, record] : by_seed) {
    cell.seeds.push_back(seed);
    cell.capacities.push_back(static_cast<double>(record->result.capacity));
    cell.mean_capacity += static_cast<double>(record->result.capacity);
    cell.mean_accuracy += record->result.accuracy;
    cell.mean_prefix += static_cast<double>(record->result.prefix);
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

/// Labels each family by what sets it apart, and lists what none differs in.
void label_families(Aggregate& data) {
  std::map<std::string, std::set<double>> values;                       // shared parameter -> its values
  std::map<std::pair<std::string, std::string>, std::set<double>> own;  // (method, its parameter) -> its values
  for (const Family& family : data.families)
    for (const TrialField& field : trial_fields(family.trial)) {
      values[field.name].insert(field.code);
      own[{method_name(family.trial), field.name}].insert(field.code);
    }
  for (Family& family : data.families) {
    family.label = method_name(family.trial);
    for (const TrialField& field : trial_fields(family.trial)) {
      const FieldRole role = field_role(field.name);
      const bool apart = (role == FieldRole::shared && values[field.name].size() > 1) ||
                         (role == FieldRole::of_method && own[{method_name(family.trial), field.name}].size() > 1);
      if (apart) family.label.append(" ").append(field.name).append("=").append(field.text);
    }
  }
  if (data.families.empty()) return;
  for (const TrialField& field : trial_fields(data.families.front().trial))
    if (field_role(field.name) == FieldRole::shared && values[field.name].size() == 1)
      data.common.emplace_back(field.name, field.text);
}

std::string counted(std::int64_t count, const std::string& noun) {
  return to_text(count) + " " + noun + (count == 1 ? "" : "s");
}

}  // namespace

Aggregate aggregate(const std::vector<Record>& records) {
  Aggregate data;
  FamilyMap families;
  std::int64_t repeated = 0;
  for (const Record& record : records) {
    const Trial& t = record.trial;
    if (record.result.status == TrialStatus::failed) {
      ++data.failed;
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
  label_families(data);
  if (data.failed > 0) data.notes.push_back(counted(data.failed, "failed trial") + " left out");
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
  return family.label + " alpha=" + to_text(cell.trial.alpha) + " d=" + to_text(cell.trial.d);
}

}  // namespace memscale
