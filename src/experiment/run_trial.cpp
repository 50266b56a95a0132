#include "memscale/experiment/run_trial.hpp"

#include <sys/resource.h>

#include <chrono>
#include <exception>
#include <new>

#include "memscale/experiment/simulation.hpp"
#include "memscale/linalg/blas.hpp"
#include "memscale/linalg/blas_kernel.hpp"

namespace memscale {

namespace {

std::int64_t peak_memory_bytes() {
  rusage usage{};
  return getrusage(RUSAGE_SELF, &usage) == 0 ? std::int64_t{usage.ru_maxrss} * 1024 : 0;
}

}  // namespace

Record run_trial(const Trial& trial, Workspace& workspace) {
  using Clock = std::chrono::steady_clock;
  Record record{.trial = trial, .result = {}, .cost = {}, .message = {}};
  record.cost.started = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  record.cost.blas_kernel = blas_kernel();
  const double blas_before = blas::seconds();
  const auto start = Clock::now();
  try {
    record.result = simulate(trial, workspace, record.cost).result;
  } catch (const std::bad_alloc&) {
    record.message = "out of memory";
  } catch (const std::exception& error) {
    record.message = error.what();
  }
  if (!record.message.empty()) {
    record.result = Result{.status = TrialStatus::failed};
    workspace = Workspace();  // whatever the failure left half done
  }
  record.cost.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  record.cost.seconds_blas = blas::seconds() - blas_before;
  record.cost.peak_memory = peak_memory_bytes();
  return record;
}

}  // namespace memscale
