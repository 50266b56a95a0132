#pragma once

#include <string>
#include <vector>

#include "memscale/analysis/run_group.hpp"
#include "memscale/analysis/verdict.hpp"

namespace memscale {

/// How even the singular values of one step's update are, means over seeds; whatever the eta.
struct IsotropyRow {
  std::string label;
  const OrthogonalRun* run = nullptr;
  Coefficient condition;   ///< s_min / s_max; theory: at most 0.25 for signgd in the coupled basis (arXiv 2509.26030)
  Coefficient entropy;     ///< normalised; theory: log(K - 1) / log K for muon
  Coefficient rank_share;  ///< effective rank over K; theory: (K - 1) / K for muon, as columns of the gradient sum to 0
};

std::vector<IsotropyRow> isotropy_rows(std::span<const OrthogonalRun* const> runs);

}  // namespace memscale
