#pragma once

#include <algorithm>
#include <ctime>
#include <vector>

#include "fma_peak.hpp"
#include "memscale/core/thread_team.hpp"
#include "samples.hpp"

namespace memscale::bench {

/// Runs of one kernel on one team, in rounds, each between two runs of the FMA loop: clocks change from second to
/// second, and with them what can be reached.
class BesidePeak {
 public:
  explicit BesidePeak(ThreadTeam& team) : team_(team) {}

  /// Runs f until `budget` seconds have passed, at least once.
  template <class F>
  void round(double budget, F&& f) {
    const double before = fma_peak(team_);
    Samples round;
    const std::clock_t cpu_before = std::clock();
    wall_ += seconds_of([&] { round.run(budget, f); });
    cpu_ += static_cast<double>(std::clock() - cpu_before) / CLOCKS_PER_SEC;
    rounds_.push_back({round.best(), std::max(before, fma_peak(team_))});
    seconds_.add(round);
  }

  const Samples& seconds() const { return seconds_; }
  /// GFLOP/s of the FMA loop at its best.
  double peak() const {
    double best = 0;
    for (const Round& round : rounds_) best = std::max(best, round.peak);
    return best;
  }
  /// Rate of a kernel of `flops`, as a fraction of the faster FMA loop beside it: of the best round.
  double fraction(double flops) const {
    double best = 0;
    for (const Round& round : rounds_) best = std::max(best, flops * 1e-9 / round.best / round.peak);
    return best;
  }
  /// CPU time of this process over wall time of all its threads: below 1 where others took the cores, or threads
  /// waited.
  double busy() const { return cpu_ / wall_ / team_.size(); }

 private:
  struct Round {
    double best, peak;
  };

  ThreadTeam& team_;
  Samples seconds_;
  std::vector<Round> rounds_;
  double wall_ = 0, cpu_ = 0;
};

}  // namespace memscale::bench
