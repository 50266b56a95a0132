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

/// What sets families apart: one trial of each is added.
class Labels {
 public:
  void add(const Trial& trial) {
    for (const TrialField& field : trial_fields(trial)) {
      values_[field.name].insert(field.code);
      own_[{method_name(trial), field.name}].insert(field.code);
    }
  }

  std::string label(const Trial& trial) const {
    std::string text = method_name(trial);
    for (const TrialField& field : trial_fields(trial)) {
      const FieldRole role = field_role(field.name);
      const bool apart = (role == FieldRole::shared && !is_common(field.name)) ||
                         (role == FieldRole::of_method && own_.at({method_name(trial), field.name}).size() > 1);
      if (apart) text.append(" ").append(field.name).append("=").append(field.text);
    }
    return text;
  }

  bool is_common(const std::string& name) const { return values_.at(name).size() == 1; }

 private:
  std::map<std::string, std::set<double>> values_;                       // parameter -> its values
  std::map<std::pair<std::string, std::string>, std::set<double>> own_;  // (method, its parameter) -> its values
};

/// Labels each family, and lists what none differs in.
Labels label_families(Aggregate& data) {
  Labels labels;
  for (const Family& family : data.families) labels.add(family.trial);
  for (Family& family : data.families) family.label = labels.label(family.trial);
  if (data.families.empty()) return labels;
  for (const TrialField& field : trial_fields(data.families.front().trial))
    if (field_role(field.name) == FieldRole::shared && labels.is_common(field.name))
      data.common.emplace_back(field.name, field.text);
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
