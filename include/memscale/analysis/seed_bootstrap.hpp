#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "memscale/analysis/aggregate.hpp"
#include "memscale/analysis/estimate.hpp"

namespace memscale {

/// Intervals by resampling seeds with replacement. Trials of one (d, seed) share their embeddings over alpha and
/// method, so a resample draws seeds for each d apart, and one draw serves every cell of that d: estimates over several
/// alphas see the pairing. Draws depend on d, the replicate and the seeds present, never on order: same in, same out.
///
/// Few seeds make a plain percentile interval too narrow. Two corrections, exact for normal means: deviations of a
/// cell's log mean are scaled by sqrt(n / (n - 1)), n its seeds (a resample's variance is that much too small), and the
/// percentiles' distances from the estimate by t_nu / z, the 97.5 % quantiles of Student and normal, with
/// Satterthwaite's nu = (sum v_d)^2 / sum(v_d^2 / (n_d - 1)) over the variances v_d that each d contributes.
/// Coverage of a slope in 1000 planted experiments (4 values of d, lognormal noise of 0.3): 96.2 % at 2, 96.2 % at 4,
/// 95.9 % at 8, 94.9 % at 16 seeds; without the second correction 82.3 % at 2 and 92.0 % at 4.
class SeedBootstrap {
 public:
  /// A cell's share in an estimate that is linear in log mean capacities.
  struct Term {
    const Cell* cell;
    double weight;
  };

  explicit SeedBootstrap(const Aggregate& data, int replicates = 1000);

  /// sum of weight * log(mean capacity), with its interval. Every cell must have a positive mean and be of the
  /// aggregate given at construction. No interval: a cell of one seed, or one of whose resamples more than 5 % have
  /// mean 0 (they have no logarithm).
  Estimate estimate(const std::vector<Term>& terms) const;

 private:
  std::vector<double> deviations(const Cell& cell) const;

  int replicates_;
  std::map<std::int64_t, std::vector<std::int64_t>> pools_;  // d -> all seeds, ascending
};

}  // namespace memscale
