#pragma once

#include <string>
#include <vector>

#include "memscale/analysis/run_group.hpp"

namespace memscale {

/// tra-signgd beside muon at twice the learning rate, all else equal: one and the same, arXiv 2602.05725. Over all
/// learning rates and numbers of steps that both have.
struct TwinFit {
  std::string label;                   ///< of what sets it apart from other pairs, the method included
  const OrthogonalRun* tra = nullptr;  ///< of the fewest steps
  bool several_steps = false;          ///< whether trials differ in their steps
  /// max |log(L_tra(t) / L_muon(t))| over steps recorded of both, with losses above 1e-12; of L - L* where there is
  /// label noise, and then above eta^2, below which both alternate about the minimum, each in its own phase.
  double largest = 0;
  std::int64_t steps = 0;  ///< that were compared
};

struct TwinFits {
  std::vector<TwinFit> fits;
  std::vector<std::string> notes;
};

TwinFits compare_twins(std::span<const OrthogonalRun* const> runs);

}  // namespace memscale
