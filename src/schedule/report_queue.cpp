#include "memscale/schedule/report_queue.hpp"

#include <utility>

namespace memscale {

void ReportQueue::push(Report report) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(report));
  }
  arrived_.notify_one();
}

std::optional<Report> ReportQueue::wait(std::chrono::microseconds limit) {
  std::unique_lock lock(mutex_);
  if (!arrived_.wait_for(lock, limit, [this] { return !queue_.empty(); })) return std::nullopt;
  Report oldest = std::move(queue_.front());
  queue_.pop_front();
  return oldest;
}

}  // namespace memscale
