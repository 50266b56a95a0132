#include "memscale/analysis/seed_bootstrap.hpp"

#include <Random123/philox.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <iterator>

namespace memscale {

namespace {

constexpr std::uint32_t stream = 0x66697473;  // "fits": keeps these draws apart from every other use of the generator
/// A matrix of counts then stays in a core's cache (a thousand groups take three times as long), and the spread over
/// 256 groups is known to 4 %, that over 1000 resamples to 2 %.
constexpr std::size_t most_groups = 256;
constexpr std::size_t most_matrices = 1024;  // kept; sets of seeds are few, unless trials are missing at random

/// Endless uniform indices below `size` for one (d, replicate).
class IndexStream {
 public:
  IndexStream(std::int64_t d, int replicate, std::size_t size)
      : key_{{static_cast<std::uint32_t>(d), stream}},
        counter_{{0, static_cast<std::uint32_t>(replicate), 0, 0}},
        size_(size) {}

  std::size_t next() {
    if (used_ == 4) {
      block_ = r123::Philox4x32()(counter_, key_);
      ++counter_[0];
      used_ = 0;
    }
    return static_cast<std::size_t>((std::uint64_t{block_[used_++]} * size_) >> 32);
  }

 private:
  r123::Philox4x32::key_type key_;
  r123::Philox4x32::ctr_type counter_, block_{};
  std::size_t used_ = 4;
  std::uint64_t size_;
};

/// Of `groups` groups of n seeds, the one that the i-th belongs to.
std::size_t group_of(std::size_t i, std::size_t n, std::size_t groups) {
  return n == groups ? i : i % groups;
}

}  // namespace

/// How often each group of seeds is drawn (replicates, groups), and what a replicate's draws sum to.
struct SeedBootstrap::Counts {
  Eigen::MatrixXf of_group;
  Eigen::VectorXf seeds;  ///< drawn in each replicate
};

SeedBootstrap::SeedBootstrap(const Aggregate& data, int replicates) : replicates_(replicates) {
  for (const Family& family : data.families)
    for (const Series& series : family.series)
      for (const Cell& cell : series.cells) {
        std::vector<std::int64_t>& pool = pools_[cell.trial.d];
        if (cell.seeds == pool) continue;  // nearly always, after the first
        std::vector<std::int64_t> all;
        std::set_union(pool.begin(), pool.end(), cell.seeds.begin(), cell.seeds.end(), std::back_inserter(all));
        pool = std::move(all);
      }
}

std::shared_ptr<const SeedBootstrap::Counts> SeedBootstrap::counts_of(const Cell& cell) const {
  const std::lock_guard lock(made_);
  if (counts_.size() > most_matrices) counts_.clear();
  auto& found = counts_[{cell.trial.d, cell.seeds}];
  if (found) return found;
  const std::vector<std::int64_t>& pool = pools_.at(cell.trial.d);
  const std::size_t n = cell.seeds.size(), groups = std::min(n, most_groups);
  // The pool's seeds that the cell has, as its groups; -1: it lacks them. Draws are of groups where there are many.
  std::vector<std::ptrdiff_t> place;
  if (groups == n) {
    for (std::size_t i = 0, k = 0; i < pool.size(); ++i) {
      const bool has = k < n && cell.seeds[k] == pool[i];
      place.push_back(has ? static_cast<std::ptrdiff_t>(k++) : -1);
    }
  } else {
    for (std::size_t g = 0; g < groups; ++g) place.push_back(static_cast<std::ptrdiff_t>(g));
  }
  std::vector<float> size(groups, 0);
  for (std::size_t i = 0; i < n; ++i) ++size[group_of(i, n, groups)];

  auto counts = std::make_shared<Counts>();
  counts->of_group = Eigen::MatrixXf::Zero(replicates_, static_cast<Eigen::Index>(groups));
  counts->seeds = Eigen::VectorXf::Zero(replicates_);
  for (int r = 0; r < replicates_; ++r) {
    IndexStream draws(cell.trial.d, r, place.size());
    for (std::size_t taken = 0; taken < groups;) {
      const std::ptrdiff_t drawn = place[draws.next()];
      if (drawn < 0) continue;
      ++counts->of_group(r, drawn);
      counts->seeds[r] += size[static_cast<std::size_t>(drawn)];
      ++taken;
    }
  }
  found = std::move(counts);
  return found;
}

std::vector<float> SeedBootstrap::log_deviations(const Cell& cell, std::span<const double> values) const {
  const std::size_t n = cell.seeds.size();
  double mean = 0;
  for (double value : values) mean += value / static_cast<double>(n);
  if (n < 2 || !(mean > 0)) return {};
  const std::shared_ptr<const Counts> kept = counts_of(cell);
  const Counts& counts = *kept;
  const auto groups = counts.of_group.cols();
  Eigen::VectorXf sums = Eigen::VectorXf::Zero(groups);
  for (std::size_t i = 0; i < n; ++i)
    sums[static_cast<Eigen::Index>(group_of(i, n, static_cast<std::size_t>(groups)))] +=
        static_cast<float>(values[i] / mean);
  const Eigen::VectorXf totals = counts.of_group * sums;
  const auto scale = static_cast<float>(std::sqrt(static_cast<double>(n) / static_cast<double>(n - 1)));
  std::vector<float> found(static_cast<std::size_t>(replicates_));
  Eigen::Map<Eigen::ArrayXf>(found.data(), replicates_) = scale * (totals.array() / counts.seeds.array()).log();
  return found;
}

}  // namespace memscale
