#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "memscale/analysis/orthogonal_run.hpp"

namespace memscale {

/// Runs that agree in all but some parameters.
struct RunGroup {
  std::string label;  ///< method_name and what sets the group apart, but for d, steps and the Zipf exponent
  std::vector<const OrthogonalRun*> runs;  ///< ascending in the parameters that are free, the first one first

  const Trial& trial() const { return runs.front()->trial; }
};

/// Groups `runs` by all parameters but those that are `free`; labels compare these groups alone. With eta its unit is
/// free, with d the items; what is measured besides always is.
std::vector<RunGroup> group_runs(std::span<const OrthogonalRun* const> runs, const std::vector<std::string_view>& free);

/// The Zipf exponent of its groups; NaN where they have none.
double zipf_exponent(const Trial& trial);

/// "muon alpha=2 d=1000 steps=100"
std::string run_name(const std::string& label, const Trial& trial);

}  // namespace memscale
