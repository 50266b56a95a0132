#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <vector>

#include "memscale/schedule/assignment.hpp"
#include "memscale/store/run_state.hpp"

namespace memscale {

/// Who is at work on what in a run. Times in seconds since 1970.
class RunWatch {
 public:
  RunWatch(int ranks, double now) : ranks_(ranks), started_(now) {}

  void assigned(const Assignment& assignment, double now);
  /// So many trials of `rank`'s assignment have ended.
  void ended(int rank, std::size_t trials, double now);
  void idle(std::span<const int> ranks, double now);

  /// Trials at work: one for each rank or ranks that share one.
  std::size_t running() const { return at_work_.size(); }
  /// Trials handed out that are not at work yet, behind others of a batch.
  std::size_t waiting() const;
  /// Those that began first, at most `most`.
  std::vector<RunningTrial> trials(std::size_t most) const;
  /// What `rank` has at work or waiting; nothing if it is idle.
  const Assignment* assignment_of(int rank) const;

  /// Seconds of ranks at work so far, and their fraction of all ranks' time.
  double core_seconds(double now) const;
  double busy(double now) const;
  /// Seconds of ranks that what is handed out will still take, as expected.
  double core_seconds_left(double now) const;
  /// Seconds until the last of what is handed out is expected to end.
  double longest_left(double now) const;

 private:
  struct Work {
    Assignment assignment;
    double since;        ///< of the assignment
    double trial_since;  ///< of the trial at work
    std::size_t ended = 0;
  };
  static double left(const Work& work, double now);

  int ranks_;
  double started_;
  double seconds_done_ = 0;      ///< of ranks that are idle again
  std::map<int, Work> at_work_;  ///< by leader
};

}  // namespace memscale
