#include "memscale/schedule/trial_runner.hpp"

#include <system_error>
#include <utility>

#include "memscale/core/error.hpp"
#include "memscale/core/process.hpp"
#include "memscale/experiment/run_trial.hpp"

namespace memscale {

namespace {

std::shared_ptr<Workspace> make_workspace(int threads) {
  try {
    return std::make_shared<Workspace>(threads);
  } catch (const std::system_error& error) {
    throw invalid("threads", std::to_string(threads),
                  std::string("must be no more than this system can start: ") + error.what());
  }
}

}  // namespace

TrialRunner make_trial_runner(int rank, int threads, OpenCheckpoints open_checkpoints) {
  return [workspace = make_workspace(threads), host = host_name(), rank, open = std::move(open_checkpoints),
          checkpoints = std::shared_ptr<Checkpoints>()](const Trial& trial, const TrialCall& call) mutable {
    if (!checkpoints && open && !call.settings.store.empty()) checkpoints = open(call.settings.store);
    TrialControl control;
    control.timeout = call.settings.timeout;
    control.interrupted = call.interrupted;
    control.checkpoints = checkpoints.get();
    control.checkpoint_seconds = call.settings.checkpoint_seconds;
    workspace->set_group(call.group);
    std::optional<Record> record = run_trial(trial, *workspace, control);
    workspace->set_group(nullptr);
    if (record) {
      record->cost.rank = rank;
      record->cost.host = host;
    }
    return record;
  };
}

}  // namespace memscale
