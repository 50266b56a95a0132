#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <unordered_map>
#include <vector>

#include "memscale/analysis/seed_rounds.hpp"
#include "memscale/schedule/cost_model.hpp"

namespace memscale::bench {

/// Which trials a way to choose seeds has run, and how near the intervals then are.
struct SeedsRun {
  std::vector<Trial> trials;
  std::size_t rounds = 0;
  SeedVerdict verdict;
  std::int64_t least_seeds = 0, most_seeds = 0;  ///< of a cell
  double core_hours = 0;
  std::size_t agreeing = 0;  ///< intervals that hold the value which all seeds of the store give
};

/// The results of a store, as if nobody had computed them yet. Its seeds are numbered 1, 2, ...
class SeedsReplay {
 public:
  /// Takes the seeds that all cells of the store have. Throws InputError where these are less than two.
  explicit SeedsReplay(const std::filesystem::path& store);

  std::size_t cells() const { return kinds_.size(); }
  std::int64_t seeds() const { return seeds_; }
  /// Throws InputError for targets that the trials cannot have.
  void require(const CiTargets& targets, std::int64_t most) const;

  /// As memscale run --target-ci does it, from so many seeds of each cell on.
  SeedsRun adaptive(const CiTargets& targets, std::int64_t first, std::int64_t most) const;
  /// The smallest number of seeds, the same for all cells, by which all intervals that exist meet their targets on
  /// these results; where there is none, the most.
  SeedsRun uniform(const CiTargets& targets, std::int64_t most) const;

 private:
  std::vector<Trial> grid(std::int64_t seeds) const;
  std::vector<Record> records_of(const std::vector<Trial>& trials) const;
  /// Adds what a run costs, and how well it agrees with all seeds.
  void judge(SeedsRun& run, const CiTargets& targets) const;

  std::vector<Trial> kinds_;  ///< a trial of each cell
  std::int64_t seeds_ = 0;
  std::vector<Record> records_;  ///< traces left out
  CostModel model_;              ///< learnt from them
  int threads_ = 1;              ///< of most of them
};

}  // namespace memscale::bench
