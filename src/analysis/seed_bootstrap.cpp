#include "memscale/analysis/seed_bootstrap.hpp"

#include <Random123/philox.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

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

}  // namespace

/// How often each group of a cell's seeds is drawn (replicates, groups), and how many seeds a replicate's draws are.
struct SeedBootstrap::Counts {
  std::vector<Eigen::Index> group_of_seed;  ///< column of each of the cell's seeds
  Eigen::MatrixXf of_group;
  Eigen::VectorXf seeds;
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
  // Groups are of the pool's seeds, whatever the cell lacks of them, so that cells of one d share them.
  const std::vector<std::int64_t>& pool = pools_.at(cell.trial.d);
  const std::size_t drawn_from = std::min(pool.size(), most_groups);
  std::vector<Eigen::Index> column(drawn_from, -1);  // of a group; -1: the cell has none of its seeds
  std::vector<float> size;
  auto counts = std::make_shared<Counts>();
  for (std::size_t i = 0, k = 0; i < pool.size() && k < cell.seeds.size(); ++i) {
    if (cell.seeds[k] != pool[i]) continue;
    Eigen::Index& group = column[i % drawn_from];
    if (group < 0) {
      group = static_cast<Eigen::Index>(size.size());
      size.push_back(0);
    }
    ++size[static_cast<std::size_t>(group)];
    counts->group_of_seed.push_back(group);
    ++k;
  }
  counts->of_group = Eigen::MatrixXf::Zero(replicates_, static_cast<Eigen::Index>(size.size()));
  counts->seeds = Eigen::VectorXf::Zero(replicates_);
  for (int r = 0; r < replicates_; ++r) {
    IndexStream draws(cell.trial.d, r, drawn_from);
    for (std::size_t taken = 0; taken < size.size();) {
      const Eigen::Index drawn = column[draws.next()];
      if (drawn < 0) continue;
      ++counts->of_group(r, drawn);
      counts->seeds[r] += size[static_cast<std::size_t>(drawn)];
      ++taken;
    }
  }
  found = std::move(counts);
  return found;
}

std::vector<float> SeedBootstrap::log_deviations(const Cell& cell, const std::vector<double>& values) const {
  return std::move(log_deviations(cell, std::span(&values, 1)).front());
}

std::vector<std::vector<float>> SeedBootstrap::log_deviations(const Cell& cell,
                                                              std::span<const std::vector<double>> columns) const {
  std::vector<std::vector<float>> found(columns.size());
  const std::size_t n = cell.seeds.size();
  if (n < 2) return found;
  const std::shared_ptr<const Counts> kept = counts_of(cell);
  const Counts& counts = *kept;
  const Eigen::Index groups = counts.of_group.cols();
  if (groups < 2) return found;
  Eigen::MatrixXf sums = Eigen::MatrixXf::Zero(groups, static_cast<Eigen::Index>(columns.size()));
  std::vector<bool> has_mean(columns.size());
  for (std::size_t k = 0; k < columns.size(); ++k) {
    double mean = 0;
    for (double value : columns[k]) mean += value / static_cast<double>(n);
    has_mean[k] = mean > 0;
    if (!has_mean[k]) continue;
    for (std::size_t i = 0; i < n; ++i)
      sums(counts.group_of_seed[i], static_cast<Eigen::Index>(k)) += static_cast<float>(columns[k][i] / mean);
  }
  const Eigen::MatrixXf totals = counts.of_group * sums;
  const auto scale = static_cast<float>(std::sqrt(static_cast<double>(groups) / static_cast<double>(groups - 1)));
  for (std::size_t k = 0; k < columns.size(); ++k) {
    if (!has_mean[k]) continue;
    found[k].resize(static_cast<std::size_t>(replicates_));
    Eigen::Map<Eigen::ArrayXf>(found[k].data(), replicates_) =
        scale * (totals.col(static_cast<Eigen::Index>(k)).array() / counts.seeds.array()).log();
  }
  return found;
}

}  // namespace memscale
