#pragma once

#include <algorithm>
#include <chrono>
#include <vector>

namespace memscale::bench {

template <class F>
double seconds_of(F&& f) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  f();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Seconds of repeated runs of one thing.
class Samples {
 public:
  void add(double seconds) { seconds_.push_back(seconds); }
  void add(const Samples& others) { seconds_.insert(seconds_.end(), others.seconds_.begin(), others.seconds_.end()); }
  /// Runs f again and again until `budget` seconds have passed, at least once.
  template <class F>
  void run(double budget, F&& f) {
    double spent = 0;
    do {
      seconds_.push_back(seconds_of(f));
      spent += seconds_.back();
    } while (spent < budget);
  }
  const std::vector<double>& all() const { return seconds_; }
  bool empty() const { return seconds_.empty(); }
  double best() const { return *std::min_element(seconds_.begin(), seconds_.end()); }
  double median() const {
    std::vector<double> sorted = seconds_;
    std::sort(sorted.begin(), sorted.end());
    return (sorted[(sorted.size() - 1) / 2] + sorted[sorted.size() / 2]) / 2;
  }

 private:
  std::vector<double> seconds_;
};

}  // namespace memscale::bench
