#include "memscale/experiment/run_trial.hpp"

#include <chrono>
#include <exception>
#include <new>
#include <string>
#include <utility>

#include "memscale/core/memory.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/simulation.hpp"
#include "memscale/linalg/blas_kernel.hpp"
#include "memscale/model/softmax_kernel.hpp"

namespace memscale {

Record run_trial(const Trial& trial, Workspace& workspace) {
  return std::move(*run_trial(trial, workspace, {}));
}

std::optional<Record> run_trial(const Trial& trial, Workspace& workspace, const TrialControl& control) {
  Record record{.trial = trial, .result = {}, .trace = {}, .recall = {}, .cost = {}, .message = {}};
  record.cost.started = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  record.cost.blas_kernel = blas_kernel();
  record.cost.softmax_kernel = softmax_kernel_for(trial.d).name;
  record.cost.threads = workspace.team().size();
  reset_peak_memory();  // so that the mark is this trial's
  bool interrupted = false;
  try {
    if (std::optional<Simulation> run = simulate(trial, workspace, record.cost, control)) {
      record.result = run->result;
      record.trace = std::move(run->trace);
      record.recall = std::move(run->recall);
    } else {
      interrupted = true;
    }
  } catch (const TrialTimeout&) {
    record.message = "timed out after " + to_text(control.timeout) + " s (--trial-timeout)";
  } catch (const std::bad_alloc&) {
    record.message = "out of memory";
  } catch (const std::exception& error) {
    record.message = error.what();
  }
  if (workspace.group()) record.message = workspace.group()->finish(record.message);
  if (!record.message.empty()) {
    record.result = Result{.status = TrialStatus::failed};
    workspace.clear();  // whatever the failure left half done
  } else if (interrupted) {
    return std::nullopt;
  }
  return record;
}

}  // namespace memscale
