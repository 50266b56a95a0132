#pragma once

#include <chrono>
#include <optional>

#include "checkpoint.hpp"
#include "cost_clock.hpp"
#include "memscale/experiment/trial_control.hpp"

namespace memscale {

/// What happens between the steps of a trial that has several: it may have to stop, and saves a checkpoint now and
/// then.
class Pauses {
 public:
  Pauses(const Trial& trial, const TrialControl& control, CostClock& clock);

  /// What an earlier piece of the trial left, its cost added to the clock's; nothing if the trial starts over.
  std::optional<Checkpoint> load();
  /// Between two steps, or before the first, or between the last one and what is measured then; false where the trial
  /// must stop. A checkpoint that cannot be saved is no reason to fail.
  bool go_on(const Simulation& run, const Optimizer& optimizer);

 private:
  using Clock = std::chrono::steady_clock;
  void save(const Simulation& run, const Optimizer& optimizer);

  const Trial& trial_;
  const TrialControl& control_;
  CostClock& clock_;
  Clock::time_point saved_;  ///< when a checkpoint was saved last, or tried to be
};

}  // namespace memscale
