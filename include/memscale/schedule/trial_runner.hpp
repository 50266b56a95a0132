#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "memscale/core/rank_group.hpp"
#include "memscale/experiment/result.hpp"
#include "memscale/experiment/trial_control.hpp"
#include "memscale/schedule/run_settings.hpp"

namespace memscale {

/// How a trial is to be run.
struct TrialCall {
  const RunSettings& settings;
  std::function<bool()> interrupted;  ///< see TrialControl
  RankGroup* group = nullptr;         ///< the ranks that share it; none: this one alone
};

/// What a rank does with a trial; nothing where it was interrupted, or where another rank of the group makes the
/// record. Called from one thread at a time; must not throw.
using TrialRunner = std::function<std::optional<Record>(const Trial&, const TrialCall&)>;

/// Opens the checkpoints of a run beside its store.
using OpenCheckpoints = std::function<std::unique_ptr<Checkpoints>(const std::string& store)>;

/// run_trial with a workspace of its own, on so many threads; fills Cost::rank and Cost::host. Throws
/// InputError where the system gives no more threads.
TrialRunner make_trial_runner(int rank, int threads, OpenCheckpoints open_checkpoints = nullptr);

}  // namespace memscale
