#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "memscale/schedule/report_queue.hpp"
#include "memscale/schedule/trial_runner.hpp"

namespace memscale {

/// A rank that is a thread of this process.
class LocalWorker {
 public:
  /// What it reports goes to `reports`, which must outlive it.
  LocalWorker(int rank, TrialRunner run, RunSettings settings, ReportQueue& reports);
  /// Waits for the trials at hand.
  ~LocalWorker();
  LocalWorker(const LocalWorker&) = delete;
  LocalWorker& operator=(const LocalWorker&) = delete;

  /// Runs the trials, alone or as a rank of `group`. Throws std::logic_error while it is at work.
  void assign(std::vector<Trial> trials, std::unique_ptr<RankGroup> group = nullptr);
  /// Stops after the step at hand.
  void interrupt() { interrupted_ = true; }

 private:
  struct Work {
    std::vector<Trial> trials;
    std::unique_ptr<RankGroup> group;
  };

  void work();
  /// The next trials; nothing at the end.
  std::optional<Work> wait_for_work();

  const int rank_;
  const TrialRunner run_;
  const RunSettings settings_;
  ReportQueue& reports_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Work> assigned_;
  bool ending_ = false;
  std::atomic<bool> interrupted_{false};
  std::thread thread_;  ///< last, so that it starts when all else is there
};

}  // namespace memscale
