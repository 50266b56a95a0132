#pragma once

#include <string>
#include <vector>

#include "memscale/analysis/goodness.hpp"
#include "memscale/analysis/run_group.hpp"
#include "memscale/analysis/verdict.hpp"

namespace memscale {

/// gd with label noise at a constant eta: L(t) - L* = A (eta t)^-x during a training. Theory, arXiv 2602.05725: 1 -
/// 1/alpha for groups of Zipf exponent alpha > 1, as by then those more frequent than about 1/(eta t) are learned.
/// Holds while some groups are learned and others are not: fitted is what lies between the share of the first gap that
/// is of all groups behind the fourth, and three times that of the last one.
struct GapDecayFit {
  std::string label;
  const OrthogonalRun* run = nullptr;  ///< the longest of those that differ in steps alone
  Coefficient exponent;  ///< corrected: with a term in (eta t)^(1 - 1/alpha), for groups are finitely many
  double log_factor = 0;
  double from = 0, to = 0;  ///< eta t that is fitted
  Goodness goodness;
};

struct GapDecayFits {
  std::vector<GapDecayFit> fits;
  std::vector<std::string> notes;
};

GapDecayFits fit_gap_decays(std::span<const OrthogonalRun* const> runs);

}  // namespace memscale
