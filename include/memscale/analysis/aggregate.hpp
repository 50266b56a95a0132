#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "memscale/analysis/cell.hpp"
#include "memscale/analysis/orthogonal_run.hpp"

namespace memscale {

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
  std::vector<Family> families;                                  ///< of gaussian memories
  std::vector<std::shared_ptr<const OrthogonalRun>> orthogonal;  ///< each trial once, without the diverged ones
  std::vector<std::pair<std::string, std::string>> common;       ///< parameters that all trials share: name, value
  std::int64_t finished = 0;                                     ///< trials, ok and diverged, each counted once
  std::int64_t diverged = 0;
  std::int64_t failed = 0;
  std::vector<std::string> notes;  ///< what was left out and why, a sentence each
};

/// Groups the finished trials, one record after the other, so that a million of them need not be in memory: failed ones
/// are left out; of a trial that is recorded twice the first record counts.
class Aggregator {
 public:
  Aggregator();
  ~Aggregator();
  void add(const Record& record);
  /// Once, after the last.
  Aggregate finish();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

Aggregate aggregate(const std::vector<Record>& records);

/// "muon alpha=1.5", "muon alpha=1.5 d=64"
std::string series_name(const Family& family, const Series& series);
std::string cell_name(const Family& family, const Cell& cell);

}  // namespace memscale
