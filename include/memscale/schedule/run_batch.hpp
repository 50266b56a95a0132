#pragma once

#include <functional>

#include "memscale/schedule/transport.hpp"
#include "memscale/schedule/trial_runner.hpp"

namespace memscale {

/// A rank's part in an assignment: runs the trials one after the other and reports what it has finished at the end, and
/// about every half second or 256 trials before it. Of a group only the leader (RankGroup::rank 0) reports records and
/// trials returned.
void run_batch(int rank, const std::vector<Trial>& trials, const TrialRunner& run, const TrialCall& call,
               const std::function<void(Report)>& report);

}  // namespace memscale
