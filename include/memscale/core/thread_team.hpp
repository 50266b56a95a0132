#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <span>
#include <stdexcept>
#include <thread>
#include <vector>

namespace memscale {

class RankGroup;
/// A trial took longer than it may.
class TrialTimeout : public std::runtime_error {
 public:
  TrialTimeout() : std::runtime_error("timed out") {}
};

/// Threads that share a loop: the caller's and size() - 1 more, which live as long as the team and count denormal
/// numbers as 0. One caller at a time.
class ThreadTeam {
 public:
  using Task = std::function<void(std::size_t task, int thread)>;
  using Result = std::function<std::span<const std::byte>(int thread)>;
  using Commit = std::function<void(std::size_t task, std::span<const std::byte> result)>;
  using Clock = std::chrono::steady_clock;
  static constexpr Clock::time_point no_deadline = Clock::time_point::max();

  /// `size` at least 1. Throws std::system_error where the system gives no more threads.
  explicit ThreadTeam(int size = 1);
  ~ThreadTeam();
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;

  int size() const { return static_cast<int>(threads_.size()) + 1; }

  /// Calls compute(task, thread) for tasks 0 .. count - 1, each once, on any thread 0 .. size() - 1, and, after each
  /// one's compute and on its thread, commit(task, thread): one at a time and in the order of the tasks, so that sums
  /// made there do not depend on the number of threads. Returns when all are done. The first exception ends the loop
  /// and is thrown again here.
  void run(std::size_t count, const Task& compute, const Task& commit = nullptr);

  /// Ranks whose teams share loops with this one; null for none.
  void set_group(RankGroup* group) { group_ = group; }
  RankGroup* group() const { return group_; }

  /// The same for a loop that the ranks of the group share; every rank calls it. compute(task, thread) runs on one of
  /// them, commit(task, result) on the leader alone, in the order of the tasks: result(thread) is what the thread's
  /// last compute left there, bytes that stay until its next one. Throws what RankGroup does, too.
  void run_split(std::size_t count, const Task& compute, const Result& result, const Commit& commit);
  /// When loops must end: run throws TrialTimeout where a task would begin later. Not while a loop runs.
  void set_deadline(Clock::time_point deadline) { deadline_ = deadline; }
  /// Throws TrialTimeout from the deadline on.
  void check_deadline() const;

 private:
  struct Loop {
    std::size_t count = 0;
    const Task* compute = nullptr;
    const Task* commit = nullptr;
    std::size_t next = 0;       ///< to be computed
    std::size_t committed = 0;  ///< tasks 0 .. committed - 1 are done
    std::exception_ptr error;
  };

  void close();
  void serve(int thread);
  void work(int thread);
  bool take(std::size_t& task);
  void finish(std::size_t task, int thread);
  void fail(std::exception_ptr error);

  std::mutex mutex_;
  std::condition_variable begun_, turn_, ended_;
  Loop loop_;
  Clock::time_point deadline_ = no_deadline;
  std::size_t loops_ = 0;  ///< begun so far
  int working_ = 0;        ///< helpers that have not left the loop
  bool closing_ = false;
  std::vector<std::thread> threads_;
  RankGroup* group_ = nullptr;
};

/// The cores that this process may use, by its affinity mask.
int available_cores();

}  // namespace memscale
