#include "memscale/experiment/simulation.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "cost_clock.hpp"
#include "gaussian_training.hpp"
#include "memscale/core/flush_to_zero.hpp"
#include "memscale/core/rank_group.hpp"
#include "orthogonal_training.hpp"
#include "pauses.hpp"
#include "workspace.hpp"

namespace memscale {

namespace {

/// A team's loops end by then while the object lives.
class TeamDeadline {
 public:
  TeamDeadline(ThreadTeam& team, double seconds_from_now) : team_(team) {
    constexpr double most = 1e9;  // 30 years; the clock counts nanoseconds in 64 bits
    seconds_from_now = std::max(0.0, seconds_from_now);
    if (seconds_from_now < most)
      team_.set_deadline(ThreadTeam::Clock::now() + std::chrono::duration_cast<ThreadTeam::Clock::duration>(
                                                        std::chrono::duration<double>(seconds_from_now)));
  }
  ~TeamDeadline() { team_.set_deadline(ThreadTeam::no_deadline); }
  TeamDeadline(const TeamDeadline&) = delete;
  TeamDeadline& operator=(const TeamDeadline&) = delete;

 private:
  ThreadTeam& team_;
};

/// The leader's alone: the other ranks learn how it ended.
std::optional<Simulation> lead_orthogonal(const Trial& trial, Workspace& workspace, Cost& cost, Pauses& pauses,
                                          std::optional<Checkpoint> checkpoint) {
  std::optional<Simulation> run =
      leads(workspace.group()) ? train_orthogonal(trial, workspace, cost, pauses, std::move(checkpoint)) : std::nullopt;
  const bool ended = leaders(workspace.group(), run.has_value());
  if (ended && !run) run.emplace(Simulation{nullptr, workspace.cache().p, {}, {}, {}, {}, {}, {}, {}, {}, {}});
  return run;
}

}  // namespace

Simulation simulate(const Trial& trial, Workspace& workspace, Cost& cost) {
  return std::move(*simulate(trial, workspace, cost, {}));
}

std::optional<Simulation> simulate(const Trial& trial, Workspace& workspace, Cost& cost, const TrialControl& control) {
  const FlushToZero flush;
  CostClock clock(cost);
  Pauses pauses(trial, control, clock);
  std::optional<Checkpoint> checkpoint;
  if (leads(workspace.group())) checkpoint = pauses.load();
  const TeamDeadline deadline(workspace.team(), control.timeout - cost.seconds);
  const auto train = trial.model == ModelKind::orthogonal ? lead_orthogonal : train_gaussian;
  return train(trial, workspace, cost, pauses, std::move(checkpoint));
}

}  // namespace memscale
