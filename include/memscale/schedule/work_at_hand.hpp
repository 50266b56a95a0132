#pragma once

#include <functional>
#include <queue>
#include <span>
#include <utility>
#include <vector>

namespace memscale {

/// Until when ranks are expected to work on what they were given. Times are seconds of one clock that never goes back.
class WorkAtHand {
 public:
  explicit WorkAtHand(int ranks);

  void begin(int rank, double until);
  /// These are idle. Looks at them from the last one, no further than to the first that was known to be.
  void end(std::span<const int> idle);
  /// Of all ranks together; nothing of those that are late.
  double seconds_left(double now);
  /// All that was expected to take a second from now on is expected to take `factor` seconds.
  void scale(double factor, double now);

 private:
  struct Rank {
    bool at_work = false;
    bool counted = false;  ///< in sum_: at work and not late
    double until = 0;
  };
  using End = std::pair<double, std::size_t>;  ///< when, which rank

  void leave_out(Rank& rank);

  std::vector<Rank> ranks_;
  std::priority_queue<End, std::vector<End>, std::greater<>> ends_;  ///< of those counted, and outdated ones
  double sum_ = 0;                                                   ///< of `until`
  std::size_t counted_ = 0;
};

}  // namespace memscale
