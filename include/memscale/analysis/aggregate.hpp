#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "memscale/experiment/result.hpp"

namespace memscale {

/// The finished trials that differ in their seed alone (and in what was measured besides).
struct Cell {
  Trial trial;                      ///< of the first seed
  std::vector<std::int64_t> seeds;  ///< ascending, each once
  std::vector<double> capacities;   ///< recovered items, seed by seed
  double mean_capacity = 0;
  double standard_error = 0;  ///< of the mean; NaN for one seed
  double mean_accuracy = 0;
  double mean_prefix = 0;
  std::int64_t cut_short = 0;      ///< trials that ended before their last step
  std::int64_t fewest_steps = 0;   ///< of one of its trials
  std::vector<double> mean_trace;  ///< mean capacity after step 1, 2, ...: a trial that has ended counts as it ended
};

/// Cells that differ in d alone.
struct Series {
  double alpha = 0;
  std::vector<Cell> cells;  ///< ascending d
};

/// Series that differ in alpha alone: one method under one set of the other parameters.
struct Family {
  std::string label;           ///< method_name, and "key=value" of what sets it apart from other families
  Trial trial;                 ///< one of its trials
  std::vector<Series> series;  ///< ascending alpha
};

/// A store's results, sorted for fitting.
struct Aggregate {
  std::vector<Family> families;
  std::vector<std::pair<std::string, std::string>> common;  ///< parameters that all families share: name, value
  std::int64_t finished = 0;                                ///< trials, ok and diverged, each counted once
  std::int64_t diverged = 0;
  std::int64_t failed = 0;
  std::vector<std::string> notes;  ///< what was left out and why, a sentence each
};

/// Groups the finished trials: failed ones are left out; of a trial that is recorded twice the first record counts.
Aggregate aggregate(const std::vector<Record>& records);

/// "muon alpha=1.5", "muon alpha=1.5 d=64"
std::string series_name(const Family& family, const Series& series);
std::string cell_name(const Family& family, const Cell& cell);

}  // namespace memscale
