#pragma once

#include <chrono>
#include <optional>

#include "memscale/experiment/run_policy.hpp"

namespace memscale {

/// When a run must have ended: a batch system kills what goes on.
class RunClock {
 public:
  /// The run begins now. Throws InputError for walltime=slurm outside a SLURM job whose end is known, and for a grace
  /// that leaves nothing of a walltime.
  explicit RunClock(const RunPolicy& policy);

  /// Seconds in which work may still be done; what is then left of the time, the grace, is for ending in order.
  /// Infinity without a limit.
  double time_left() const;
  /// Whether even the grace is used up, but for a moment.
  bool is_over() const;
  /// Seconds since 1970; nothing without a limit.
  std::optional<double> end() const { return end_; }

 private:
  double seconds_to_end() const;

  std::optional<double> end_;
  std::chrono::steady_clock::time_point steady_end_;  ///< the time of day may be set meanwhile
  double grace_;
};

/// Seconds since 1970.
double time_of_day();

}  // namespace memscale
