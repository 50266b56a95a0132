#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "memscale/experiment/record_bytes.hpp"
#include "memscale/experiment/result.hpp"
#include "memscale/experiment/trace_length.hpp"
#include "memscale/model/recall.hpp"

namespace memscale {

/// All combinations with two optimizers each, in grid order.
inline std::vector<Trial> trial_grid(const std::vector<std::int64_t>& ds, const std::vector<double>& alphas,
                                     const std::vector<std::int64_t>& seeds) {
  std::vector<Trial> trials;
  for (std::int64_t d : ds)
    for (double alpha : alphas)
      for (std::int64_t seed : seeds)
        for (OptimizerKind optimizer : {OptimizerKind::gd, OptimizerKind::muon}) {
          Trial trial;
          trial.d = d;
          trial.items = 1000;
          trial.alpha = alpha;
          trial.seed = seed;
          trial.optimizer = optimizer;
          trials.push_back(canonical(trial));
        }
  return trials;
}

/// About half of a grid, shuffled: another one for each `seed`.
inline std::vector<Trial> random_trials(unsigned seed) {
  std::mt19937 random(seed);
  const auto some = [&](auto values) {
    values.resize(1 + random() % values.size());
    return values;
  };
  std::vector<Trial> trials =
      trial_grid(some(std::vector<std::int64_t>{16, 64, 32, 8}), some(std::vector<double>{1.5, 1.25, 3, 2}),
                 some(std::vector<std::int64_t>{1, 2, 3, 4, 5, 6}));
  std::shuffle(trials.begin(), trials.end(), random);
  trials.resize((trials.size() + 1) / 2);
  return trials;
}

/// A record made from the trial's id alone; every seventh has failed, the others have 0 to 4 steps.
inline Record fake_record(const Trial& trial) {
  const std::uint64_t id = trial_id(trial);
  Record record;
  record.trial = trial;
  if (id % 7 != 0) {
    record.result.steps_done = static_cast<std::int64_t>(id % 5);
    for_each_field(record.trace, [&](const char* name, std::vector<double>& values) {
      for (std::uint64_t k = 0; k < trace_length(name, trial, record.result.steps_done); ++k)
        values.push_back(1.0 / static_cast<double>(1 + id % 91 + k));
    });
    for (const RankBin& bin : recall_bins(trial.items))
      record.recall.push_back(static_cast<std::int64_t>(id % static_cast<std::uint64_t>(bin.high - bin.low + 2)));
  }
  record.result.capacity = static_cast<std::int64_t>(id % 1000);
  record.result.accuracy = 1.0 / static_cast<double>(1 + id % 97);
  if (id % 7 == 0) {
    record.result.status = TrialStatus::failed;
    record.message = "failed as planned";
  }
  return record;
}

/// Whether all bits agree but those of the costs.
inline bool same_but_cost(Record a, const Record& b) {
  a.cost = b.cost;
  return encode_record(a) == encode_record(b);
}

/// Ids in ascending order.
inline std::vector<std::uint64_t> sorted_ids(const std::vector<Trial>& trials) {
  std::vector<std::uint64_t> ids;
  for (const Trial& trial : trials) ids.push_back(trial_id(trial));
  std::sort(ids.begin(), ids.end());
  return ids;
}

inline std::vector<std::uint64_t> sorted_ids(const std::vector<Record>& records) {
  std::vector<Trial> trials;
  for (const Record& record : records) trials.push_back(record.trial);
  return sorted_ids(trials);
}

}  // namespace memscale
