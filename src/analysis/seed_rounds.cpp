#include "memscale/analysis/seed_rounds.hpp"

#include <algorithm>
#include <utility>

#include "memscale/analysis/ci_estimates.hpp"
#include "memscale/analysis/seed_plan.hpp"

namespace memscale {

namespace {

std::uint64_t kind_id(Trial trial) {
  trial.seed = 0;
  return trial_id(trial);
}

SeedVerdict verdict_on(const std::vector<CiEstimate>& estimates) {
  SeedVerdict verdict;
  verdict.intervals = estimates.size();
  for (const CiEstimate& estimate : estimates)
    if (!(estimate.half_width <= estimate.target))
      verdict.missed.push_back(
          {estimate.name, estimate.half_width, !estimate.terms.empty(), estimate.half_width / estimate.target});
  std::stable_sort(verdict.missed.begin(), verdict.missed.end(),
                   [](const auto& a, const auto& b) { return a.excess > b.excess; });
  return verdict;
}

/// Cells that no number rests on.
std::size_t left_out(std::size_t cells, const std::vector<SeedEstimate>& estimates) {
  std::vector<bool> used(cells, false);
  for (const SeedEstimate& estimate : estimates)
    for (const SeedEstimate::Term& term : estimate.terms) used[term.cell] = true;
  return static_cast<std::size_t>(std::count(used.begin(), used.end(), false));
}

}  // namespace

SeedRounds::SeedRounds(std::span<const Trial> grid, const CiTargets& targets, std::int64_t max_seeds, const Work& work)
    : targets_(targets), max_seeds_(max_seeds) {
  for (const Trial& trial : grid) {
    const auto [place, is_new] = kind_of_id_.emplace(kind_id(trial), kinds_.size());
    if (is_new) kinds_.push_back({trial, 0, 0, work(trial)});
    Kind& kind = kinds_[place->second];
    grid_seeds_ = std::max(grid_seeds_, ++kind.planned);
    first_new_ = std::max(first_new_, trial.seed + 1);
    add(trial);
  }
}

void SeedRounds::add(const Trial& trial) {
  ids_.push_back(trial_id(trial));
  place_of_.emplace(ids_.back(), ids_.size() - 1);
}

std::size_t SeedRounds::kind_of(const Trial& trial) const {
  return kind_of_id_.at(kind_id(trial));
}

/// Those of `ids()`, in that order, whatever else a store holds.
std::vector<Record> SeedRounds::own(std::vector<Record> records) const {
  std::vector<std::pair<std::size_t, std::size_t>> order;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto place = place_of_.find(trial_id(records[i].trial));
    if (place != place_of_.end()) order.emplace_back(place->second, i);
  }
  std::sort(order.begin(), order.end());
  std::vector<Record> sorted;
  sorted.reserve(order.size());
  for (const auto& [place, i] : order) sorted.push_back(std::move(records[i]));
  return sorted;
}

std::vector<Trial> SeedRounds::next(std::vector<Record> records) {
  const Aggregate data = aggregate(own(std::move(records)));
  const std::vector<CiEstimate> estimates = ci_estimates(data, targets_);

  std::vector<SeedCell> cells;
  for (const Kind& kind : kinds_) cells.push_back({{}, kind.planned, kind.work});
  std::unordered_map<const Cell*, std::size_t> kind_of_cell;
  for (const Family& family : data.families)
    for (const Series& series : family.series)
      for (const Cell& cell : series.cells) {
        const std::size_t kind = kind_of(cell.trial);
        kind_of_cell[&cell] = kind;
        cells[kind].capacities = cell.capacities;
      }
  std::vector<SeedEstimate> wanted, existing;
  for (const CiEstimate& estimate : estimates) {
    SeedEstimate& plain = wanted.emplace_back(SeedEstimate{{}, estimate.target, estimate.half_width});
    for (const CiEstimate::Term& term : estimate.terms)
      plain.terms.push_back({kind_of_cell.at(term.cell), term.weight});
    if (!plain.terms.empty()) existing.push_back(plain);
  }

  verdict_ = verdict_on(estimates);
  verdict_.cells = kinds_.size();
  verdict_.most_seeds = std::max(max_seeds_, grid_seeds_);
  verdict_.left_out = left_out(cells.size(), wanted);
  if (existing.size() == wanted.size()) verdict_.uniform = uniform_seeds(cells, existing, verdict_.most_seeds);
  if (verdict_.uniform) verdict_.uniform = std::max(*verdict_.uniform, grid_seeds_);

  const std::vector<std::int64_t> added = plan_seeds(cells, wanted, max_seeds_);
  std::vector<Trial> trials;
  for (std::size_t k = 0; k < kinds_.size(); ++k)
    for (std::int64_t i = 0; i < added[k]; ++i) {
      Trial trial = kinds_[k].trial;
      trial.seed = first_new_ + kinds_[k].added++;
      ++kinds_[k].planned;
      trials.push_back(trial);
      add(trial);
    }
  if (!trials.empty()) ++rounds_;
  added_ += trials.size();
  return trials;
}

std::int64_t SeedRounds::most_added() const {
  std::int64_t most = 0;
  for (const Kind& kind : kinds_) most += std::max<std::int64_t>(0, max_seeds_ - kind.planned);
  return most;
}

}  // namespace memscale
