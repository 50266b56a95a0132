#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

#include "memscale/schedule/transport.hpp"

namespace memscale {

/// Carries what worker threads have finished to the dispatcher's thread.
class FinishedQueue {
 public:
  void push(Finished finished);
  /// The oldest, or nothing if none comes within `limit`.
  std::optional<Finished> wait(std::chrono::microseconds limit);

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Finished> queue_;
};

}  // namespace memscale
