#include "memscale/core/thread_team.hpp"

#include <sched.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "memscale/core/flush_to_zero.hpp"

namespace memscale {

ThreadTeam::ThreadTeam(int size) {
  if (size < 1) throw std::invalid_argument("a team needs a thread");
  threads_.reserve(static_cast<std::size_t>(size - 1));
  try {
    for (int thread = 1; thread < size; ++thread) threads_.emplace_back([this, thread] { serve(thread); });
  } catch (...) {
    close();
    throw;
  }
}

ThreadTeam::~ThreadTeam() {
  close();
}

void ThreadTeam::close() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  begun_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ThreadTeam::run(std::size_t count, const Task& compute, const Task& commit) {
  {
    const std::lock_guard lock(mutex_);
    loop_ = Loop{};
    loop_.count = count;
    loop_.compute = &compute;
    loop_.commit = commit ? &commit : nullptr;
    working_ = static_cast<int>(threads_.size());
    ++loops_;
  }
  begun_.notify_all();
  const FlushToZero flush;
  work(0);
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [this] { return working_ == 0; });
  if (loop_.error) std::rethrow_exception(std::exchange(loop_.error, nullptr));
}

void ThreadTeam::serve(int thread) {
  const FlushToZero flush;
  std::size_t served = 0;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      begun_.wait(lock, [&] { return closing_ || loops_ > served; });
      if (closing_) return;
      served = loops_;
    }
    work(thread);
    {
      const std::lock_guard lock(mutex_);
      --working_;
    }
    ended_.notify_one();
  }
}

void ThreadTeam::work(int thread) {
  try {
    for (std::size_t task = 0; take(task);) {
      (*loop_.compute)(task, thread);
      if (loop_.commit) finish(task, thread);
    }
  } catch (...) {
    fail(std::current_exception());
  }
}

bool ThreadTeam::take(std::size_t& task) {
  {
    const std::lock_guard lock(mutex_);
    if (loop_.error || loop_.next == loop_.count) return false;
    task = loop_.next++;
  }
  check_deadline();
  return true;
}

void ThreadTeam::check_deadline() const {
  if (deadline_ != no_deadline && Clock::now() >= deadline_) throw TrialTimeout();
}

void ThreadTeam::finish(std::size_t task, int thread) {
  {
    std::unique_lock lock(mutex_);
    turn_.wait(lock, [&] { return loop_.error || loop_.committed == task; });
    if (loop_.error) return;
  }
  (*loop_.commit)(task, thread);
  {
    const std::lock_guard lock(mutex_);
    ++loop_.committed;
  }
  turn_.notify_all();
}

void ThreadTeam::fail(std::exception_ptr error) {
  {
    const std::lock_guard lock(mutex_);
    if (!loop_.error) loop_.error = std::move(error);
  }
  turn_.notify_all();
}

int available_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace memscale
