#pragma once

#include <vector>

#include "memscale/schedule/scheduler.hpp"

namespace memscale {

/// What a run is expected to take.
struct ExpectedRun {
  double wall_seconds = 0;
  double rank_seconds = 0;  ///< that ranks are at work, summed over ranks
};

/// Lets a Scheduler hand the trials to ranks that take the seconds which `model` expects.
ExpectedRun expect_run(std::vector<Trial> trials, const SchedulerOptions& options, const CostModel& model);

}  // namespace memscale
