#pragma once

#include <functional>

#include "memscale/experiment/result.hpp"

namespace memscale {

/// What a worker does with a trial. Called from one thread at a time; must not throw.
using TrialRunner = std::function<Record(const Trial&)>;

/// run_trial with a workspace of its own, on so many threads; fills Cost::rank and Cost::host. Throws
/// InputError where the system gives no more threads.
TrialRunner make_trial_runner(int rank, int threads);

}  // namespace memscale
