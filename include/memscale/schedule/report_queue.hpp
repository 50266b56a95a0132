#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

#include "memscale/schedule/transport.hpp"

namespace memscale {

/// Carries the reports of worker threads to the dispatcher's thread.
class ReportQueue {
 public:
  void push(Report report);
  /// The oldest, or nothing if none comes within `limit`.
  std::optional<Report> wait(std::chrono::microseconds limit);

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Report> queue_;
};

}  // namespace memscale
