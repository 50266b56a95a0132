#pragma once

#include <chrono>
#include <string>

#include "memscale/experiment/result.hpp"

namespace memscale {

/// Keeps the cost of a trial at work: wall time, time in BLAS, peak memory. Goes until it is destroyed.
class CostClock {
 public:
  explicit CostClock(Cost& cost);
  ~CostClock();
  CostClock(const CostClock&) = delete;
  CostClock& operator=(const CostClock&) = delete;

  /// The cost up to now.
  const Cost& cost();
  /// Adds what an earlier piece of the trial has cost.
  void add_earlier(const Cost& piece);

 private:
  using Clock = std::chrono::steady_clock;
  void add_seconds();

  Cost& cost_;
  Clock::time_point counted_;  ///< up to when seconds are in the cost
  double blas_counted_;        ///< the process's seconds in BLAS by then
};

}  // namespace memscale
