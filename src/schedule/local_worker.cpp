#include "memscale/schedule/local_worker.hpp"

#include <stdexcept>
#include <utility>

namespace memscale {

LocalWorker::LocalWorker(int worker, TrialRunner run, FinishedQueue& finished)
    : worker_(worker), run_(std::move(run)), finished_(finished), thread_([this] { work(); }) {}

LocalWorker::~LocalWorker() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void LocalWorker::assign(const Trial& trial) {
  {
    const std::lock_guard lock(mutex_);
    if (assigned_) throw std::logic_error("a trial was assigned to a busy worker");
    assigned_ = trial;
  }
  changed_.notify_one();
}

void LocalWorker::work() {
  while (const auto trial = wait_for_trial()) finished_.push({worker_, run_(*trial)});
}

std::optional<Trial> LocalWorker::wait_for_trial() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return assigned_ || ending_; });
  return std::exchange(assigned_, std::nullopt);
}

}  // namespace memscale
