#include "seeds_replay.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "memscale/analysis/ci_estimates.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/schedule/expected_run.hpp"
#include "memscale/store/store_view.hpp"

namespace memscale::bench {

namespace {

std::uint64_t kind_id(Trial trial) {
  trial.seed = 0;
  return trial_id(trial);
}

double work_of(const Trial& trial) {
  return estimate_cost(trial).total();
}

/// Calls f with each number that exists, and its value.
template <class F>
void for_each_interval(const std::vector<Record>& records, const CiTargets& targets, F&& f) {
  const Aggregate data = aggregate(records);
  for (const CiEstimate& estimate : ci_estimates(data, targets)) {
    double value = 0;
    for (const CiEstimate::Term& term : estimate.terms) value += term.weight * std::log(term.cell->mean_capacity);
    if (!estimate.terms.empty()) f(estimate, value);
  }
}

bool meets(const SeedVerdict& verdict) {
  return std::none_of(verdict.missed.begin(), verdict.missed.end(), [](const auto& miss) { return miss.exists; });
}

}  // namespace

SeedsReplay::SeedsReplay(const std::filesystem::path& store) {
  std::vector<Record> all = read_store(store, {.trace = false, .recall = false, .cost = true}).records;
  std::map<std::uint64_t, std::map<std::int64_t, Record*>> kinds;  // -> seed -> record
  std::map<std::int64_t, std::size_t> bearers, threads;
  for (Record& record : all) {
    kinds[kind_id(record.trial)].emplace(record.trial.seed, &record);
    ++bearers[record.trial.seed];
    ++threads[record.cost.threads];
  }
  std::erase_if(bearers, [&](const auto& seed) { return seed.second < kinds.size(); });
  seeds_ = static_cast<std::int64_t>(bearers.size());
  if (seeds_ < 2)
    throw invalid(
        "STORE", store.string(),
        "all its cells must have two seeds and more in common, not " + to_text(seeds_) + ": run more of them");
  const auto usual = std::max_element(threads.begin(), threads.end(),
                                      [](const auto& a, const auto& b) { return a.second < b.second; });
  threads_ = static_cast<int>(usual->first);
  for (auto& [id, by_seed] : kinds) {
    std::int64_t number = 0;
    for (auto& [seed, record] : by_seed) {
      if (!bearers.contains(seed)) continue;
      if (record->cost.threads == threads_) model_.learn(*record);
      record->trial.seed = ++number;
      records_.push_back(std::move(*record));
    }
    kinds_.push_back(records_.back().trial);
  }
}

void SeedsReplay::require(const CiTargets& targets, std::int64_t most) const {
  require_attainable(targets, most, kinds_);
}

std::vector<Trial> SeedsReplay::grid(std::int64_t seeds) const {
  std::vector<Trial> trials;
  for (const Trial& kind : kinds_)
    for (std::int64_t seed = 1; seed <= seeds; ++seed) {
      trials.push_back(kind);
      trials.back().seed = seed;
    }
  return trials;
}

std::vector<Record> SeedsReplay::records_of(const std::vector<Trial>& trials) const {
  std::set<std::uint64_t> ids;
  for (const Trial& trial : trials) ids.insert(trial_id(trial));
  std::vector<Record> records;
  for (const Record& record : records_)
    if (ids.contains(trial_id(record.trial))) records.push_back(record);
  return records;
}

void SeedsReplay::judge(SeedsRun& run, const CiTargets& targets) const {
  std::map<std::uint64_t, std::int64_t> seeds;
  for (const Trial& trial : run.trials) ++seeds[kind_id(trial)];
  const auto [least, most] =
      std::minmax_element(seeds.begin(), seeds.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  run.least_seeds = least->second;
  run.most_seeds = most->second;
  run.core_hours = expect_run(run.trials, SchedulerOptions{}, model_).rank_seconds * threads_ / 3600;
  std::map<std::string, double> best;
  for_each_interval(records_of(grid(seeds_)), targets,
                    [&](const CiEstimate& estimate, double value) { best[estimate.name] = value; });
  for_each_interval(records_of(run.trials), targets, [&](const CiEstimate& estimate, double value) {
    const auto found = best.find(estimate.name);
    run.agreeing += found != best.end() && std::abs(value - found->second) <= estimate.half_width;
  });
}

SeedsRun SeedsReplay::adaptive(const CiTargets& targets, std::int64_t first, std::int64_t most) const {
  SeedsRun run;
  run.trials = grid(first);
  SeedRounds rounds(run.trials, targets, most, work_of);
  for (std::vector<Trial> more = rounds.next(records_); !more.empty(); more = rounds.next(records_))
    run.trials.insert(run.trials.end(), more.begin(), more.end());
  run.rounds = rounds.rounds();
  run.verdict = rounds.verdict();
  judge(run, targets);
  return run;
}

SeedsRun SeedsReplay::uniform(const CiTargets& targets, std::int64_t most) const {
  SeedsRun run;
  for (std::int64_t seeds = 2; seeds <= most; ++seeds) {
    run.trials = grid(seeds);
    SeedRounds rounds(run.trials, targets, 2, work_of);  // judges, and adds nothing
    rounds.next(records_);
    run.verdict = rounds.verdict();
    if (meets(run.verdict)) break;
  }
  judge(run, targets);
  return run;
}

}  // namespace memscale::bench
