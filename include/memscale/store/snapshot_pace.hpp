#pragma once

#include <algorithm>
#include <chrono>

namespace memscale {

/// When to write the next snapshot: not within `interval`, nor 20 x the last one's cost, of the end of the last.
class SnapshotPace {
 public:
  using Clock = std::chrono::steady_clock;

  SnapshotPace(Clock::time_point opened, Clock::duration interval) : last_(opened), interval_(interval) {}

  bool is_due(Clock::time_point now) const { return now - last_ >= std::max<Clock::duration>(interval_, 20 * cost_); }
  /// Failed ones count, too: a full disk must not be tried at each record.
  void written(Clock::time_point begin, Clock::time_point end) {
    cost_ = end - begin;
    last_ = end;
  }

 private:
  Clock::time_point last_;
  Clock::duration interval_;
  Clock::duration cost_{0};
};

}  // namespace memscale
