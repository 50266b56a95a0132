#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "memscale/experiment/ci_targets.hpp"
#include "memscale/experiment/result.hpp"

namespace memscale {

/// How near the intervals are to their targets.
struct SeedVerdict {
  struct Miss {
    std::string name;       ///< "C of gd alpha=3"
    double half_width = 0;  ///< infinity: no interval
    bool exists = true;     ///< false: too few cells have any capacity, and seeds would not help
    double excess = 0;      ///< half-width over target
  };
  std::size_t intervals = 0;  ///< that have a target
  std::vector<Miss> missed;   ///< the worst first
  std::size_t cells = 0;
  std::size_t left_out = 0;     ///< of these: the fit has no use for them (failed trials, capacities, seeds)
  std::int64_t most_seeds = 0;  ///< that a cell may have: max_seeds, or those of the grid
  /// Seeds of every cell by which all intervals are expected to meet their targets, not below the grid's; nothing:
  /// more than the most allowed, or an interval does not exist.
  std::optional<std::int64_t> uniform;
};

/// Adds seeds to a job in rounds until its intervals are narrow enough. What a round adds depends on the job and on the
/// results of its grid and of the rounds before, on nothing else that is known at the time: a run that begins anew
/// comes to the same rounds. The seeds added to a cell are max + 1, max + 2, ..., max the grid's largest.
///
/// To stop where an interval happens to be narrow costs a little of its coverage: 92 to 94 % in planted experiments
/// (gd's and muon's capacities at 4 values of d, grids of 2 to 8 seeds), where the same intervals of a fixed number of
/// seeds cover 94 to 96 %.
class SeedRounds {
 public:
  /// Work of a trial, by its parameters alone.
  using Work = std::function<double(const Trial&)>;

  SeedRounds(std::span<const Trial> grid, const CiTargets& targets, std::int64_t max_seeds, const Work& work);

  /// The trials that the decision about the next round rests on: the grid's, and those of the rounds so far.
  const std::vector<std::uint64_t>& ids() const { return ids_; }

  /// Decides on the next round by what is recorded of `ids()`, in any order, perhaps among others; trials that failed
  /// or have no record stay planned and count for nothing. Returns the round's trials; none: there is no more to do.
  std::vector<Trial> next(std::vector<Record> records);

  /// Of the last call of next.
  const SeedVerdict& verdict() const { return verdict_; }
  std::size_t rounds() const { return rounds_; }  ///< that had trials
  std::size_t added() const { return added_; }    ///< trials of the rounds so far

  /// The most trials that rounds can add.
  std::int64_t most_added() const;

 private:
  /// Trials that differ in their seed alone.
  struct Kind {
    Trial trial;  ///< of the first seed
    std::int64_t planned = 0, added = 0;
    double work = 1;
  };

  std::size_t kind_of(const Trial& trial) const;
  void add(const Trial& trial);
  std::vector<Record> own(std::vector<Record> records) const;

  CiTargets targets_;
  std::int64_t max_seeds_, first_new_ = 0;  ///< seed
  std::int64_t grid_seeds_ = 0;             ///< most of a kind
  std::vector<Kind> kinds_;
  std::unordered_map<std::uint64_t, std::size_t> kind_of_id_;  ///< by the id of the trial with seed 0
  std::vector<std::uint64_t> ids_;
  std::unordered_map<std::uint64_t, std::size_t> place_of_;  ///< by id
  SeedVerdict verdict_;
  std::size_t rounds_ = 0, added_ = 0;
};

}  // namespace memscale
