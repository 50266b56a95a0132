#pragma once

#include <string>
#include <vector>

#include "memscale/experiment/result.hpp"
#include "memscale/experiment/run_trial.hpp"
#include "memscale/store/result_difference.hpp"

namespace memscale {

/// Throws InputError unless this program can run a stored trial: its parameters are in their ranges, whoever wrote the
/// store, and of this physics version.
void require_runnable(const Trial& trial);

/// Runs a stored trial again: `stored` with the result, trace, recall and message of now. Throws as require_runnable.
Record rerun(const Record& stored, Workspace& workspace);

/// "capacity: 5 stored, 7 now"
std::string difference_text(const FieldDifference& difference);

/// Whether kernels of another processor could be why.
bool may_be_rounding(const std::vector<FieldDifference>& found);

}  // namespace memscale
