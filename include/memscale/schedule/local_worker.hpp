#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "memscale/schedule/finished_queue.hpp"
#include "memscale/schedule/trial_runner.hpp"

namespace memscale {

/// A worker that is a thread of this process.
class LocalWorker {
 public:
  /// Worker number `worker`; what it finishes goes to `finished`, which must outlive it.
  LocalWorker(int worker, TrialRunner run, FinishedQueue& finished);
  /// Waits for the trial at hand.
  ~LocalWorker();
  LocalWorker(const LocalWorker&) = delete;
  LocalWorker& operator=(const LocalWorker&) = delete;

  void assign(const Trial& trial);

 private:
  void work();
  /// The next trial; nothing at the end.
  std::optional<Trial> wait_for_trial();

  const int worker_;
  const TrialRunner run_;
  FinishedQueue& finished_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Trial> assigned_;
  bool ending_ = false;
  std::thread thread_;  ///< last, so that it starts when all else is there
};

}  // namespace memscale
