#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

#include "memscale/schedule/scheduler.hpp"
#include "memscale/schedule/transport.hpp"

namespace memscale {

/// What happens in a run, for the one who keeps its results. What these throw ends the run, with trials still out.
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  /// Ranks are about to get work.
  virtual void on_assigned(const Assignment& assignment) = 0;
  /// Finished trials, in the order of their arrival.
  virtual void on_records(int rank, std::vector<Record> records) = 0;
  /// These ranks, once assigned work together, have none any more.
  virtual void on_idle(std::span<const int> ranks) = 0;
  /// First of all and then at least about every 50 ms.
  virtual void on_turn() = 0;
};

/// Hands the trials of a scheduler to the ranks of a transport until all are done. Knows neither MPI nor files.
class Dispatcher {
 public:
  Dispatcher(Scheduler& scheduler, Transport& transport, RunObserver& observer);

  /// Runs until every trial handed out has come back.
  void run();

  /// Seconds of the clock by which the ranks work; a steady clock at first.
  void set_clock(std::function<double()> clock) { clock_ = std::move(clock); }
  /// Seconds until everything must have ended; infinity at first. Asked before each hand-out.
  void set_time_left(std::function<double()> time_left) { time_left_ = std::move(time_left); }
  /// From an observer: hands out no more trials.
  void stop_issuing() { issuing_ = false; }
  bool issuing() const { return issuing_; }
  /// From an observer: hands out no more and lets trials at work stop after the step at hand.
  void interrupt();

  /// Ranks at work.
  std::size_t busy() const { return busy_; }

 private:
  struct Crew {
    std::vector<int> ranks;
    std::size_t at_work = 0;
  };

  void hand_out();
  void take(Report report);
  void release(int rank);

  Scheduler& scheduler_;
  Transport& transport_;
  RunObserver& observer_;
  std::function<double()> clock_, time_left_;
  std::vector<int> idle_;                ///< those idle for the shortest time last
  std::vector<int> leader_of_;           ///< by rank at work
  std::unordered_map<int, Crew> crews_;  ///< by leader
  std::size_t busy_ = 0;
  bool issuing_ = true;
  bool interrupted_ = false;
};

}  // namespace memscale
