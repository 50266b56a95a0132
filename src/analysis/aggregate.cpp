#include "memscale/analysis/aggregate.hpp"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>

#include "memscale/analysis/cell_builder.hpp"
#include "memscale/analysis/trial_fields.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

using FamilyKey = std::vector<double>;
template <class T>
using FamilyMap = std::map<FamilyKey, std::map<double, std::map<std::int64_t, T>>>;  // -> alpha -> d

/// Trials of a cell that failed.
struct FailedCell {
  Trial trial;
  std::set<std::int64_t> seeds;
};

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

/// What trials of one cell have in common, as numbers.
using CellKey = std::array<double, 40>;

CellKey cell_key(const Trial& trial) {
  CellKey key{};
  std::size_t used = 0;
  for_each_field(trial, [&](std::string_view name, const auto& value) {
    const bool own = name == "seed" || name == "loss_measure" || name == "spectra_measure";
    if (!own) key.at(used++) = static_cast<double>(value);
    if (name == "lambda" && has_automatic_lambda(trial)) key[used - 1] = -1;
  });
  return key;
}

struct CellKeyHash {
  std::size_t operator()(const CellKey& key) const { return XXH3_64bits(key.data(), sizeof key); }
};

std::string counted(std::int64_t count, const std::string& noun) {
  return to_text(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string name_of_cell(const std::string& label, const Trial& trial) {
  return label + " alpha=" + to_text(trial.alpha) + " d=" + to_text(trial.d);
}

bool has_cell(const FamilyMap<CellBuilder*>& families, const FamilyKey& key, double alpha, std::int64_t d) {
  const auto family = families.find(key);
  if (family == families.end()) return false;
  const auto series = family->second.find(alpha);
  return series != family->second.end() && series->second.contains(d);
}

/// Tells each cell of `failed` that has no finished trial. A family with none at all is labelled as if it were there.
void tell_lost_cells(const FamilyMap<FailedCell*>& failed, const FamilyMap<CellBuilder*>& finished,
                     const Labels& labels, Aggregate& data) {
  Labels all = labels;
  for (const auto& [key, by_alpha] : failed)
    if (!finished.contains(key)) all.add(by_alpha.begin()->second.begin()->second->trial);
  for (const auto& [key, by_alpha] : failed)
    for (const auto& [alpha, by_d] : by_alpha)
      for (const auto& [d, cell] : by_d) {
        if (has_cell(finished, key, alpha, d)) continue;
        const Trial& trial = cell->trial;
        const auto count = static_cast<std::int64_t>(cell->seeds.size());
        data.notes.push_back(name_of_cell((finished.contains(key) ? labels : all).label(trial), trial) +
                             ": left out, " +
                             (count == 1 ? "its one trial failed" : "all " + to_text(count) + " trials failed"));
      }
}

}  // namespace

/// Finds the cell of a record without building texts.
struct Aggregator::Parts {
  std::unordered_map<CellKey, CellBuilder, CellKeyHash> cells;
  std::unordered_map<CellKey, FailedCell, CellKeyHash> failed;
  Aggregate data;
};

Aggregator::Aggregator() : parts_(std::make_unique<Parts>()) {}
Aggregator::~Aggregator() = default;

void Aggregator::add(const Record& record) {
  const CellKey key = cell_key(record.trial);
  if (record.result.status == TrialStatus::failed) {
    ++parts_->data.failed;
    FailedCell& cell = parts_->failed[key];
    cell.trial = record.trial;
    cell.seeds.insert(record.trial.seed);
    return;
  }
  parts_->cells[key].add(record);
  if (record.result.status == TrialStatus::diverged) ++parts_->data.diverged;
}

Aggregate Aggregator::finish() {
  Aggregate& data = parts_->data;
  FamilyMap<CellBuilder*> finished;
  FamilyMap<FailedCell*> failed;
  for (auto& [key, cell] : parts_->cells) {
    const Trial& t = cell.trial();
    finished[family_key(t)][t.alpha][t.d] = &cell;
  }
  for (auto& [key, cell] : parts_->failed) failed[family_key(cell.trial)][cell.trial.alpha][cell.trial.d] = &cell;
  std::int64_t repeated = 0;
  for (const auto& [key, by_alpha] : finished) {
    Family family;
    for (const auto& [alpha, by_d] : by_alpha) {
      Series series{alpha, {}};
      for (const auto& [d, builder] : by_d) {
        series.cells.push_back(builder->finish());
        data.finished += static_cast<std::int64_t>(series.cells.back().seeds.size());
        repeated += builder->repeated();
      }
      family.series.push_back(std::move(series));
    }
    family.trial = family.series.front().cells.front().trial;
    data.families.push_back(std::move(family));
  }
  const Labels labels = label_families(data);
  if (data.failed > 0) data.notes.push_back(counted(data.failed, "failed trial") + " left out");
  tell_lost_cells(failed, finished, labels, data);
  if (data.diverged > 0)
    data.notes.push_back(counted(data.diverged, "diverged trial") + " counted with the capacity recorded");
  if (repeated > 0)
    data.notes.push_back(counted(repeated, "repeated record") + " left out, the first of a trial counts");
  return std::move(data);
}

Aggregate aggregate(const std::vector<Record>& records) {
  Aggregator all;
  for (const Record& record : records) all.add(record);
  return all.finish();
}

std::string series_name(const Family& family, const Series& series) {
  return family.label + " alpha=" + to_text(series.alpha);
}

std::string cell_name(const Family& family, const Cell& cell) {
  return name_of_cell(family.label, cell.trial);
}

}  // namespace memscale
