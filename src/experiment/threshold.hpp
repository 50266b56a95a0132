#pragma once

#include "memscale/experiment/run_trial.hpp"
#include "memscale/experiment/trial.hpp"
#include "memscale/model/batch.hpp"
#include "memscale/model/capacity.hpp"

namespace memscale {

/// `batch` without the items that the trial's rule drops, given W after `steps_done` >= 1 steps and what it recovers.
Batch drop_recovered(const Trial& trial, const Batch& batch, std::int64_t steps_done, const Matrix& weights,
                     const Recovery& recovery, Workspace& workspace);

}  // namespace memscale
