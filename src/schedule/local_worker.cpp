#include "memscale/schedule/local_worker.hpp"

#include <stdexcept>
#include <utility>

#include "memscale/schedule/run_batch.hpp"

namespace memscale {

LocalWorker::LocalWorker(int rank, TrialRunner run, RunSettings settings, ReportQueue& reports)
    : rank_(rank), run_(std::move(run)), settings_(std::move(settings)), reports_(reports), thread_([this] {
        work();
      }) {}

LocalWorker::~LocalWorker() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void LocalWorker::assign(std::vector<Trial> trials, std::unique_ptr<RankGroup> group) {
  {
    const std::lock_guard lock(mutex_);
    if (assigned_) throw std::logic_error("trials were assigned to a rank at work");
    assigned_ = Work{std::move(trials), std::move(group)};
  }
  changed_.notify_one();
}

void LocalWorker::work() {
  while (const auto work = wait_for_work()) {
    const TrialCall call{settings_, [this] { return interrupted_.load(); }, work->group.get()};
    run_batch(rank_, work->trials, run_, call, [this](Report report) { reports_.push(std::move(report)); });
  }
}

std::optional<LocalWorker::Work> LocalWorker::wait_for_work() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return assigned_ || ending_; });
  return std::exchange(assigned_, std::nullopt);
}

}  // namespace memscale
