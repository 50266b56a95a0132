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
  /// s_min / s_max of the update without what it gives to all outputs alike, on which no probability depends; theory: 1
  /// for muon and for signs in the task basis, at most 0.25 for signgd in the coupled one (arXiv 2509.26030).
  Coefficient condition;
  Coefficient entropy;     ///< normalised; theory: log(K - 1) / log K for muon
  Coefficient rank_share;  ///< effective rank over K; theory: (K - 1) / K for muon, as columns of the gradient sum to 0
};

std::vector<IsotropyRow> isotropy_rows(std::span<const OrthogonalRun* const> runs);

}  // namespace memscale
