#include "memscale/analysis/aggregate.hpp"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "memscale/analysis/cell_builder.hpp"
#include "memscale/analysis/labels.hpp"
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

/// Methods first, so that a method's families stand together.
FamilyKey family_key(const Trial& trial) {
  FamilyKey method, others;
  for (const TrialField& field : trial_fields(trial)) {
    const FieldRole role = field_role(field.name);
    if (role == FieldRole::in_name) method.push_back(field.code);
    if (sets_apart(role)) others.push_back(field.code);
  }
  method.insert(method.end(), others.begin(), others.end());
  return method;
}

/// Labels each family, and lists what no trial differs in.
Labels label_families(Aggregate& data) {
  Labels labels;
  for (const Family& family : data.families) labels.add(family.trial);
  for (Family& family : data.families) family.label = labels.label(family.trial);
  Labels all = labels;
  for (const auto& run : data.orthogonal) all.add(run->trial);
  if (!data.families.empty())
    data.common = all.common(data.families.front().trial);
  else if (!data.orthogonal.empty())
    data.common = all.common(data.orthogonal.front()->trial);
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

/// So that their order in a store does not matter.
void sort_runs(std::vector<std::shared_ptr<const OrthogonalRun>>& runs) {
  const auto key = [](const OrthogonalRun& run) { return std::pair(cell_key(run.trial), run.trial.seed); };
  std::stable_sort(runs.begin(), runs.end(), [&](const auto& a, const auto& b) { return key(*a) < key(*b); });
}

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
  std::unordered_set<CellKey, CellKeyHash> orthogonal;  ///< with their seeds, as most are of a cell of their own
  std::int64_t repeated = 0;                            ///< of orthogonal memories
  std::int64_t orthogonal_diverged = 0;
  Aggregate data;

  void add_orthogonal(const Record& record);
};

/// Failed ones are counted alone: a grid's other trials tell what is missing.
void Aggregator::Parts::add_orthogonal(const Record& record) {
  if (record.result.status == TrialStatus::failed) {
    ++data.failed;
    return;
  }
  CellKey key = cell_key(record.trial);
  key.back() = static_cast<double>(record.trial.seed);
  if (!orthogonal.insert(key).second) {
    ++repeated;
    return;
  }
  ++data.finished;
  if (record.result.status == TrialStatus::diverged) {
    ++data.diverged;
    ++orthogonal_diverged;
    return;
  }
  data.orthogonal.push_back(std::make_shared<const OrthogonalRun>(run_of(record)));
}

Aggregator::Aggregator() : parts_(std::make_unique<Parts>()) {}
Aggregator::~Aggregator() = default;

void Aggregator::add(const Record& record) {
  if (record.trial.model == ModelKind::orthogonal) return parts_->add_orthogonal(record);
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
  std::int64_t repeated = parts_->repeated;
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
  sort_runs(data.orthogonal);
  const Labels labels = label_families(data);
  if (data.failed > 0) data.notes.push_back(counted(data.failed, "failed trial") + " left out");
  tell_lost_cells(failed, finished, labels, data);
  if (const std::int64_t gaussian = data.diverged - parts_->orthogonal_diverged; gaussian > 0)
    data.notes.push_back(counted(gaussian, "diverged trial") + " counted with the capacity recorded");
  if (parts_->orthogonal_diverged > 0)
    data.notes.push_back(counted(parts_->orthogonal_diverged, "diverged trial") +
                         " of orthogonal memories left out of all laws");
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
