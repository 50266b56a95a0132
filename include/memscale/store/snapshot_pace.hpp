#pragma once

#include <algorithm>
#include <chrono>

namespace memscale {

/// When to write the next snapshot: not within 30 s, nor 20 x the last one's cost, of the end of the last.
class SnapshotPace {
 public:
  using Clock = std::chrono::steady_clock;

  explicit SnapshotPace(Clock::time_point opened) : last_(opened) {}

  bool is_due(Clock::time_point now) const {
    return now - last_ >= std::max<Clock::duration>(std::chrono::seconds(30), 20 * cost_);
  }
  /// Failed ones count, too: a full disk must not be tried at each record.
  void written(Clock::time_point begin, Clock::time_point end) {
    cost_ = end - begin;
    last_ = end;
  }

 private:
  Clock::time_point last_;
  Clock::duration cost_{0};
};

}  // namespace memscale
