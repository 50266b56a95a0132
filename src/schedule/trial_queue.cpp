#include "memscale/schedule/trial_queue.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <tuple>
#include <unordered_map>

#include "memscale/schedule/cost_model.hpp"

namespace memscale {

TrialQueue::TrialQueue(const std::vector<Trial>& trials) : remaining_(trials.size()) {
  std::unordered_map<std::uint64_t, std::size_t> bundle_of_key;
  std::vector<std::size_t> bundle_of(trials.size());
  for (std::size_t i = 0; i < trials.size(); ++i)
    bundle_of[i] = bundle_of_key.try_emplace(bundle_key(trials[i]), bundle_of_key.size()).first->second;

  std::vector<std::size_t> order(trials.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::tie(bundle_of[a], trials[a].alpha, trials[a].batch) <
           std::tie(bundle_of[b], trials[b].alpha, trials[b].batch);
  });

  trials_.reserve(trials.size());
  cost_through_ = {0};
  for (std::size_t i : order) {
    const Trial& trial = trials[i];
    const bool opens_bundle = bundle_of[i] == bundles_.size();
    const bool new_first_step =
        opens_bundle || trials_.back().alpha != trial.alpha || trials_.back().batch != trial.batch;
    if (opens_bundle) bundles_.push_back({trials_.size(), trials_.size()});
    const CostEstimate cost = estimate_cost(trial);
    cost_through_.push_back(cost_through_.back() + cost.total() - (new_first_step ? 0 : cost.first_gradient) -
                            (opens_bundle ? 0 : cost.embeddings));
    trials_.push_back(trial);
    bundles_.back().back = trials_.size();
  }
  for (std::size_t b = 0; b < bundles_.size(); ++b) unopened_.emplace(remaining_cost(b), b);
}

double TrialQueue::remaining_cost(std::size_t bundle) const {
  return cost_through_[bundles_[bundle].back] - cost_through_[bundles_[bundle].front];
}

std::optional<Trial> TrialQueue::next(int worker) {
  if (remaining_ == 0) return std::nullopt;
  const auto w = static_cast<std::size_t>(worker);
  if (w >= places_.size()) places_.resize(w + 1);
  if (!places_[w] || exhausted(places_[w]->bundle)) places_[w] = find_place();
  return take(*places_[w]);
}

TrialQueue::Place TrialQueue::find_place() {
  if (!unopened_.empty()) {
    const std::size_t bundle = unopened_.top().second;
    unopened_.pop();
    open_.emplace(remaining_cost(bundle), bundle);
    return {bundle, Side::front};
  }
  // Costs only fall, so the first whose recorded cost is still true is the largest. A recorded cost goes stale only
  // by a call of take, hence the amortised bound.
  while (true) {
    const auto [cost, bundle] = open_.top();
    if (!exhausted(bundle) && cost == remaining_cost(bundle)) return {bundle, Side::back};
    open_.pop();
    if (!exhausted(bundle)) open_.emplace(remaining_cost(bundle), bundle);
  }
}

Trial TrialQueue::take(const Place& place) {
  Bundle& bundle = bundles_[place.bundle];
  --remaining_;
  return trials_[place.side == Side::front ? bundle.front++ : --bundle.back];
}

}  // namespace memscale
