#include "memscale/schedule/finished_queue.hpp"

#include <utility>

namespace memscale {

void FinishedQueue::push(Finished finished) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(finished));
  }
  arrived_.notify_one();
}

std::optional<Finished> FinishedQueue::wait(std::chrono::microseconds limit) {
  std::unique_lock lock(mutex_);
  if (!arrived_.wait_for(lock, limit, [this] { return !queue_.empty(); })) return std::nullopt;
  Finished oldest = std::move(queue_.front());
  queue_.pop_front();
  return oldest;
}

}  // namespace memscale
