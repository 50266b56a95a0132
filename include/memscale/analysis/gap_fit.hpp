#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "memscale/analysis/goodness.hpp"
#include "memscale/analysis/run_group.hpp"
#include "memscale/analysis/verdict.hpp"

namespace memscale {

/// The loss above its floor after T steps.
struct GapPoint {
  std::int64_t steps = 0;
  double gap = 0;  ///< OrthogonalRun::end_gap, the geometric mean over seeds where there are several
};

/// Over the numbers of steps from one to at least its double: neighbours nearer than that tell where between two of
/// their last steps the minimum happens to lie.
struct GapSlope {
  std::int64_t from = 0, to = 0;
  Coefficient exponent;
  Goodness goodness;
};

/// With label noise and eta = c log K / T: L(T) - L* = A T^-x, over trials that differ in T alone. Theory, arXiv
/// 2602.05725: x = 2 for muon (and tra-signgd); none for gd, whose eta T says how far it comes, so that T does not
/// matter. It holds in a window of T, so the slopes of its parts tell more than their mean.
struct GapFit {
  std::string label;
  const OrthogonalRun* run = nullptr;  ///< the one of fewest steps
  std::vector<GapPoint> points;        ///< ascending steps
  std::vector<GapSlope> local;
  Coefficient exponent;  ///< corrected: with a term in log log T
  double log_factor = 0;
  Goodness goodness;
};

struct GapFits {
  std::vector<GapFit> fits;
  std::vector<std::string> notes;
};

GapFits fit_gaps(std::span<const OrthogonalRun* const> runs);

}  // namespace memscale
