#pragma once

#include "memscale/parallel/communicator.hpp"
#include "memscale/schedule/trial_runner.hpp"

namespace memscale {

/// The life of a rank above 0: runs what rank 0 assigns and sends the records back; sleeps between polls while there is
/// nothing to do. `groups` as MpiTransport has it. Returns the exit status that rank 0 gives at the end.
int serve_trials(const Communicator& communicator, const Communicator& groups, const TrialRunner& run);

}  // namespace memscale
