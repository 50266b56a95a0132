#pragma once

#include "memscale/experiment/trial.hpp"

namespace memscale {

/// Expected work of one trial's phases, in flops at the rate of a large matrix product.
struct CostEstimate {
  double embeddings = 0;      ///< once for a bundle
  double first_gradient = 0;  ///< once for the trials of a bundle that share alpha and batch
  double gradients = 0;       ///< of the later steps
  double update = 0;
  double capacity = 0;
  double measures = 0;

  double total() const { return embeddings + first_gradient + gradients + update + capacity + measures; }
};

/// The cost of a canonical trial that takes all its steps. A pure function, good for order and for shares: ratios
/// between trials, not seconds.
CostEstimate estimate_cost(const Trial& trial);

}  // namespace memscale
