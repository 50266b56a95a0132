#pragma once

#include <array>
#include <filesystem>
#include <memory>

#include "memscale/experiment/trial.hpp"
#include "memscale/schedule/scheduler.hpp"
#include "memscale/store/result_store.hpp"

namespace memscale::bench {

/// What `memscale run` does before its first trial (commands/sweep.cpp), and the seconds that each part took.
struct StoreRun {
  /// Throws InputError as read_job and ResultStore do.
  StoreRun(const std::filesystem::path& job_file, const std::filesystem::path& path, int ranks = 1);

  /// use(trial) for each trial that the scheduler has left, in its order for one rank.
  template <class Use>
  void each(const Use& use) {
    while (const auto assignment = scheduler->next(std::array{0}))
      for (const Trial& trial : assignment->trials) use(trial);
  }

  double seconds() const { return read_seconds + open_seconds + plan_seconds; }

  std::size_t trials;  ///< of the job
  Trial first;         ///< one of them
  std::unique_ptr<ResultStore> store;
  std::unique_ptr<Scheduler> scheduler;  ///< those without a result
  double read_seconds, open_seconds, plan_seconds;
};

}  // namespace memscale::bench
