#include "memscale/commands/rerun.hpp"

#include <algorithm>

#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

void require_runnable(const Trial& trial) {
  const std::string id = to_hex(trial_id(trial));
  if (trial.physics != physics_version)
    throw InputError("trial " + id + " is of physics version " + to_text(trial.physics) + ", this program computes " +
                     to_text(physics_version) + ", which gives other results");
  try {
    if (canonical(trial) == trial) return;
  } catch (const InputError& error) {
    throw InputError("trial " + id + " cannot be run: " + error.what());
  }
  throw InputError("trial " + id + " holds parameters that no job gives");
}

Record rerun(const Record& stored, Workspace& workspace) {
  require_runnable(stored.trial);
  Record now = run_trial(stored.trial, workspace);
  now.cost = stored.cost;
  return now;
}

std::string difference_text(const FieldDifference& difference) {
  return difference.name + ": " + difference.stored + " stored, " + difference.now + " now";
}

bool may_be_rounding(const std::vector<FieldDifference>& found) {
  return std::all_of(found.begin(), found.end(), [](const FieldDifference& one) { return one.may_be_rounding; });
}

}  // namespace memscale
