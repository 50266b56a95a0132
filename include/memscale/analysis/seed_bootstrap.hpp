#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "memscale/analysis/aggregate.hpp"

namespace memscale {

/// Resamples of seeds with replacement. Trials of one (d, seed) share their embeddings over alpha, method, batch and
/// step, so a resample draws seeds for each d apart, and one draw serves every cell of that d: estimates over several
/// cells of a d see the pairing. Draws depend on d, the replicate and the seeds present, never on order: same in, same
/// out. Draws that fall on a seed which a cell lacks are passed over, so each resample of n seeds has n.
///
/// A cell's resampled means are a product of a matrix of counts (replicates, seeds) and its values; the matrix is made
/// once for each set of seeds. Where a d has more than 256 seeds, they are resampled in 256 groups. Several threads may
/// ask.
class SeedBootstrap {
 public:
  explicit SeedBootstrap(const Aggregate& data, int replicates = 1000);

  int replicates() const { return replicates_; }

  /// sqrt(n / (n - 1)) log(resampled mean / mean), one a replicate, of values seed by seed in the order of cell.seeds;
  /// the factor, because a resample's variance is that much too small. -inf where a resample's mean is 0. Empty for
  /// fewer than two seeds or a mean that is not positive.
  std::vector<float> log_deviations(const Cell& cell, const std::vector<double>& values) const;
  /// The same of several columns of values (what the cell had after each of its steps), in one product.
  std::vector<std::vector<float>> log_deviations(const Cell& cell, std::span<const std::vector<double>> columns) const;

 private:
  struct Counts;
  std::shared_ptr<const Counts> counts_of(const Cell& cell) const;

  int replicates_;
  std::map<std::int64_t, std::vector<std::int64_t>> pools_;  // d -> all seeds, ascending
  mutable std::mutex made_;                                  ///< held while counts_ is looked at
  mutable std::map<std::pair<std::int64_t, std::vector<std::int64_t>>, std::shared_ptr<const Counts>> counts_;
};

}  // namespace memscale
