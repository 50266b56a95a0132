#pragma once

#include <string>
#include <vector>

#include "memscale/analysis/run_group.hpp"

namespace memscale {

/// tra-signgd beside muon at twice the learning rate, all else equal: one and the same, arXiv 2602.05725.
struct TwinFit {
  std::string label;  ///< of what sets it apart from other pairs, the method included
  const OrthogonalRun *tra = nullptr, *muon = nullptr;
  double largest = 0;        ///< max |log(L_tra(t) / L_muon(t))|; of L - L* where there is label noise
  std::int64_t at_step = 0;  ///< where that is
  std::int64_t steps = 0;    ///< recorded steps that both have with a loss above 1e-12
};

struct TwinFits {
  std::vector<TwinFit> fits;
  std::vector<std::string> notes;
};

TwinFits compare_twins(std::span<const OrthogonalRun* const> runs);

}  // namespace memscale
