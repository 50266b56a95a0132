#include "memscale/experiment/run_trial.hpp"

#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <new>
#include <string>

#include "memscale/experiment/simulation.hpp"
#include "memscale/linalg/blas.hpp"
#include "memscale/linalg/blas_kernel.hpp"
#include "memscale/model/softmax_kernel.hpp"

namespace memscale {

namespace {

/// Lets the process's high-water mark begin anew, so that it is this trial's; Linux only, elsewhere it stays.
void reset_peak_memory() {
  std::ofstream("/proc/self/clear_refs") << 5;
}

std::int64_t peak_memory_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::strtoll(line.c_str() + 6, nullptr, 10) * 1024;
  rusage usage{};
  return getrusage(RUSAGE_SELF, &usage) == 0 ? std::int64_t{usage.ru_maxrss} * 1024 : 0;
}

}  // namespace

Record run_trial(const Trial& trial, Workspace& workspace) {
  using Clock = std::chrono::steady_clock;
  Record record{.trial = trial, .result = {}, .trace = {}, .recall = {}, .cost = {}, .message = {}};
  record.cost.started = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  record.cost.blas_kernel = blas_kernel();
  record.cost.softmax_kernel = softmax_kernel_for(trial.d).name;
  record.cost.threads = workspace.team().size();
  reset_peak_memory();
  const double blas_before = blas::seconds();
  const auto start = Clock::now();
  try {
    Simulation run = simulate(trial, workspace, record.cost);
    record.result = run.result;
    record.trace = std::move(run.trace);
    record.recall = std::move(run.recall);
  } catch (const std::bad_alloc&) {
    record.message = "out of memory";
  } catch (const std::exception& error) {
    record.message = error.what();
  }
  if (!record.message.empty()) {
    record.result = Result{.status = TrialStatus::failed};
    workspace.clear();  // whatever the failure left half done
  }
  record.cost.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  record.cost.seconds_blas = blas::seconds() - blas_before;
  record.cost.peak_memory = peak_memory_bytes();
  return record;
}

}  // namespace memscale
