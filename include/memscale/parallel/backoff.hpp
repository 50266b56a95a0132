#pragma once

#include <chrono>

namespace memscale {

/// How long to sleep between polls: a quarter of the time waited so far, so that polling delays an answer by at most
/// about a quarter, from 20 us up to 1 ms, so that waiting costs little processor time.
class Backoff {
 public:
  std::chrono::microseconds pause() const;
  /// Something came: what is next may come soon.
  void reset() { since_ = Clock::now(); }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point since_ = Clock::now();
};

}  // namespace memscale
