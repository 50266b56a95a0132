#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace memscale {

/// Threads that share a loop: the caller's and size() - 1 more, which live as long as the team and count denormal
/// numbers as 0. One caller at a time.
class ThreadTeam {
 public:
  using Task = std::function<void(std::size_t task, int thread)>;

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
  std::size_t loops_ = 0;  ///< begun so far
  int working_ = 0;        ///< helpers that have not left the loop
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

/// The cores that this process may use, by its affinity mask.
int available_cores();

}  // namespace memscale
