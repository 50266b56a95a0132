#pragma once

#include <string>
#include <vector>

#include "memscale/analysis/aggregate.hpp"
#include "memscale/analysis/cost_summary.hpp"
#include "memscale/analysis/fit_options.hpp"
#include "memscale/analysis/fit_source.hpp"
#include "memscale/analysis/laws.hpp"
#include "memscale/analysis/timeline.hpp"

namespace memscale {

/// All that tables, files and figures show.
struct Analysis {
  FitSource source;
  Aggregate data;
  CostSummary cost;
  Timeline timeline;
  Laws laws;
  std::vector<LawRow> rows;  ///< law_rows(laws)

  /// What was left out, could not be fitted, or is to be doubted: a sentence each.
  std::vector<std::string> notes() const;
  /// Seeds of all cells, in order: "1-16, 20".
  std::string seeds_text() const;
};

/// Takes the records one after the other, so that a million of them need not be in memory.
class AnalysisInput {
 public:
  void add(const Record& record);
  /// Once, after the last. Throws InputError where no trial has finished.
  Analysis finish(FitSource source, const FitOptions& options);

 private:
  Aggregator cells_;
  CostTally cost_;
  Timeline timeline_;
};

Analysis analyse(const std::vector<Record>& records, FitSource source = {}, const FitOptions& options = {});

}  // namespace memscale
