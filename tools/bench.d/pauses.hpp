#pragma once

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <vector>

namespace memscale::bench {

/// How long each of many calls kept its thread.
class Pauses {
 public:
  using Clock = std::chrono::steady_clock;

  template <class F>
  void time(F&& f) {
    const auto start = Clock::now();
    f();
    add(std::chrono::duration<float>(Clock::now() - start).count());
  }
  void add(float seconds) { seconds_.push_back(seconds); }
  std::size_t count() const { return seconds_.size(); }

  /// {"pause_median", "pause_999": 99.9 % were shorter, "pause_longest"}, in seconds. After at least one call.
  nlohmann::json summary() {
    std::sort(seconds_.begin(), seconds_.end());
    const auto last = seconds_.size() - 1;
    return {{"pause_median", seconds_[last / 2]},
            {"pause_999", seconds_[last - last / 1000]},
            {"pause_longest", seconds_[last]}};
  }

 private:
  std::vector<float> seconds_;
};

}  // namespace memscale::bench
