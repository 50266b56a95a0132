#pragma once

#include <cstdint>
#include <optional>
#include <queue>
#include <vector>

#include "memscale/schedule/dispatcher.hpp"
#include "message_costs.hpp"
#include "true_costs.hpp"

namespace memscale::bench {

/// Ranks in simulated time, for a dispatcher that is the real one: between its calls of this transport its CPU time
/// passes, within them the time that messages take, and while it waits the time until the next report. Rank 0's worker
/// is as fast as the others.
class SimulatedRanks final : public Transport {
 public:
  SimulatedRanks(int ranks, const TrueCosts& costs, const MessageCosts& messages);

  int ranks() const override { return static_cast<int>(ranks_.size()); }
  void start_run(const RunSettings& settings) override;
  /// Throws std::logic_error for ranks that share trials.
  void assign(const Assignment& assignment) override;
  void interrupt() override {}
  std::optional<Report> wait(std::chrono::milliseconds limit) override;

  /// The leading thread does something else for so many seconds.
  void spend(double seconds);
  double now() const { return now_; }                            ///< seconds since the start
  double at_work() const { return at_work_; }                    ///< seconds of all ranks
  double leader_seconds() const { return leader_seconds_; }      ///< of the leading thread, waiting aside
  double dispatch_seconds() const { return dispatch_seconds_; }  ///< of these, in dispatcher and scheduler
  std::size_t assignments() const { return assignments_; }

 private:
  struct Rank {
    double free_since = 0;
    std::optional<std::uint64_t> bundle;  ///< whose embeddings it has
    double alpha = 0, batch = 0;          ///< whose first gradient it has
  };
  struct Coming {
    double time;
    std::uint64_t order;  ///< among equal times
    Report report;
    bool operator<(const Coming& other) const { return time != other.time ? time > other.time : order > other.order; }
  };

  /// What the trial takes on this rank, which then has what it leaves.
  TrialSeconds run(const Trial& trial, Rank& rank) const;
  void come(double time, Report report);
  void take_dispatch_time();

  const TrueCosts& costs_;
  MessageCosts messages_;
  std::vector<Rank> ranks_;
  std::priority_queue<Coming> coming_;
  std::uint64_t order_ = 0;
  double now_ = 0, at_work_ = 0, leader_seconds_ = 0, dispatch_seconds_ = 0, clock_ = 0;
  std::size_t assignments_ = 0;
};

/// Simulates a run: {"ranks": ..., "trials": ..., "makespan": ..., "bound": ..., "efficiency": ..., ...}.
nlohmann::json simulate_run(const std::vector<Trial>& trials, int ranks, double batch_seconds, const TrueCosts& costs,
                            const MessageCosts& messages);

}  // namespace memscale::bench
