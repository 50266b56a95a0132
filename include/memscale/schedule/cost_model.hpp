#pragma once

#include "memscale/experiment/trial.hpp"

namespace memscale {

/// Expected work of one trial's phases, in flops at the rate of a large matrix product.
struct CostEstimate {
  double embeddings = 0;  ///< once for a bundle
  double gradient = 0;    ///< once for the trials of a bundle that share alpha
  double update = 0;
  double capacity = 0;

  double total() const { return embeddings + gradient + update + capacity; }
};

/// The cost of a canonical trial at one population step. A pure function, good for order and for shares: ratios
/// between trials, not seconds.
CostEstimate estimate_cost(const Trial& trial);

}  // namespace memscale
