#pragma once

#include <cstddef>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "memscale/experiment/trial.hpp"

namespace memscale {

/// Decides which worker runs which trial. Trials that share embeddings form a bundle. A worker keeps to its bundle;
/// then it opens the unopened bundle of largest expected cost; when none is left it helps with the bundle of largest
/// remaining cost. Pure and deterministic: the answers depend on the trials and the order of the calls alone.
class TrialQueue {
 public:
  explicit TrialQueue(std::vector<Trial> trials);

  /// The next trial for this worker (0, 1, ...), or nothing once all are handed out. O(log bundles), amortised.
  std::optional<Trial> next(int worker);
  std::size_t remaining() const { return remaining_; }

 private:
  /// trials_[front, back) are still to be handed out: to the worker that opened the bundle from the front, to helpers
  /// from the back, so that each meets few values of alpha and batch.
  struct Bundle {
    std::size_t front, back;
  };
  enum class Side { front, back };
  struct Place {
    std::size_t bundle;
    Side side;
  };
  using CostAndBundle = std::pair<double, std::size_t>;
  /// Largest cost first; among equals the bundle that comes first in the grid.
  struct Cheaper {
    bool operator()(const CostAndBundle& a, const CostAndBundle& b) const {
      return a.first != b.first ? a.first < b.first : a.second > b.second;
    }
  };
  using CostHeap = std::priority_queue<CostAndBundle, std::vector<CostAndBundle>, Cheaper>;

  double remaining_cost(std::size_t bundle) const;
  bool exhausted(std::size_t bundle) const { return bundles_[bundle].front == bundles_[bundle].back; }
  Place find_place();
  Trial take(const Place& place);

  std::vector<Trial> trials_;         ///< bundle by bundle, within it by alpha and batch
  std::vector<double> cost_through_;  ///< [i]: expected cost of trials_[0, i)
  std::vector<Bundle> bundles_;
  CostHeap unopened_;
  CostHeap open_;  ///< costs as they were when pushed: never below the true ones
  std::vector<std::optional<Place>> places_;
  std::size_t remaining_;
};

}  // namespace memscale
