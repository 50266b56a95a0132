#pragma once

#include <cstdint>
#include <vector>

#include "memscale/experiment/result.hpp"

namespace memscale {

/// What trials of several steps went through, at some of their steps: 1, 2, 3, ..., from 20 on 16 a decade, and
/// the last.
struct CellTrace {
  std::vector<std::int64_t> steps;  ///< ascending, up to the longest trial's last; empty for trials of one step
  /// Recovered items after each of these steps, seed by seed: capacities[seed * steps.size() + k]. A trial that has
  /// ended counts as it ended.
  std::vector<float> capacities;
  /// The population's loss after each of them, in the same order; NaN where a trial did not measure it.
  std::vector<float> losses;

  /// Mean over seeds after steps[k]; of losses those that were measured, NaN where none was.
  double mean_capacity(std::size_t k) const;
  double mean_loss(std::size_t k) const;
};

/// Of one matrix, means over seeds; NaN where no trial measured it.
struct MeanSpectrum {
  double largest, smallest, entropy, effective_rank, top_energy, quartile_ratio;
};

/// The finished trials that differ in their seed alone (and in what was measured besides).
struct Cell {
  Trial trial;                      ///< of the first seed
  std::vector<std::int64_t> seeds;  ///< ascending, each once
  std::vector<double> capacities;   ///< recovered items, seed by seed
  std::vector<double> losses;       ///< of the final W over the population, seed by seed; NaN where not measured
  double mean_capacity = 0;
  double standard_error = 0;  ///< of the mean; NaN for one seed
  double mean_accuracy = 0;
  double mean_prefix = 0;
  std::int64_t cut_short = 0;     ///< trials that ended before their last step
  std::int64_t fewest_steps = 0;  ///< of one of its trials
  CellTrace trace;
  std::vector<double> recall;  ///< share of each of recall_bins(items) that is recovered, mean over seeds; may be empty
  MeanSpectrum update, weights;
};

/// The steps of a CellTrace of trials of so many steps.
std::vector<std::int64_t> traced_steps(std::int64_t steps);

}  // namespace memscale
