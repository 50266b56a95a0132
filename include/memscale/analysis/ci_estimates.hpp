#pragma once

#include <string>
#include <vector>

#include "memscale/analysis/aggregate.hpp"
#include "memscale/experiment/ci_targets.hpp"

namespace memscale {

/// A fitted number whose interval is to have a half-width.
struct CiEstimate {
  std::string name;  ///< "C of gd alpha=3", "c2 of gd"
  double target = 0;
  double half_width = 0;  ///< infinity: no interval
  /// The number is sum of weight * log(mean capacity); none where there is no such number.
  struct Term {
    const Cell* cell;
    double weight;
  };
  std::vector<Term> terms;
};

/// Every number of the fit that `targets` name, and those that are missing from it because too many cells have no
/// capacity. Terms point into `data`.
std::vector<CiEstimate> ci_estimates(const Aggregate& data, const CiTargets& targets);

}  // namespace memscale
