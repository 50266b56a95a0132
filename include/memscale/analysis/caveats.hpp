#pragma once

#include <string>
#include <vector>

#include "memscale/analysis/aggregate.hpp"

namespace memscale {

/// The cells that a series' exponent rests on, ascending d.
struct FittedSeries {
  double alpha;
  std::vector<const Cell*> cells;
};

/// Why a series may not follow the theory, a sentence each: newton's ridge or muon's lambda is not small, trials ended
/// before their last step.
std::vector<std::string> series_caveats(const Family& family, const FittedSeries& series);

/// Why the coefficients of a family's law are not what they seem, a sentence each: theory has no exponent at some
/// alpha, alphas cover different d.
std::vector<std::string> law_caveats(const Family& family, const std::vector<FittedSeries>& series);

}  // namespace memscale
