#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "memscale/experiment/job_file.hpp"
#include "memscale/schedule/trial_queue.hpp"
#include "memscale/store/result_store.hpp"

namespace memscale::bench {

/// What `memscale run` does before its first trial, and the seconds that each part took.
struct StoreRun {
  /// Throws InputError as read_job and ResultStore do.
  StoreRun(const std::filesystem::path& job_file, const std::filesystem::path& path);

  double seconds() const { return read_seconds + open_seconds + plan_seconds; }

  Job job;
  std::unique_ptr<ResultStore> store;
  std::vector<Trial> to_run;
  std::unique_ptr<TrialQueue> queue;
  double read_seconds, open_seconds, plan_seconds;
};

}  // namespace memscale::bench
