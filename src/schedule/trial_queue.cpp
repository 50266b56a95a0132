#include "memscale/schedule/trial_queue.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <tuple>
#include <unordered_map>

#include "memscale/schedule/cost_model.hpp"

namespace memscale {

namespace {

/// Whether their bundle_key is the same.
bool share_embeddings(const Trial& a, const Trial& b) {
  return std::tie(a.model, a.d, a.items, a.kappa, a.seed) == std::tie(b.model, b.d, b.items, b.kappa, b.seed);
}

/// Numbers the bundles in the order in which they first occur.
std::vector<std::size_t> number_bundles(const std::vector<Trial>& trials) {
  std::unordered_map<std::uint64_t, std::size_t> bundle_of_key;
  std::vector<std::size_t> bundle_of(trials.size());
  for (std::size_t i = 0; i < trials.size(); ++i)
    bundle_of[i] = i > 0 && share_embeddings(trials[i], trials[i - 1])
                       ? bundle_of[i - 1]
                       : bundle_of_key.try_emplace(bundle_key(trials[i]), bundle_of_key.size()).first->second;
  return bundle_of;
}

/// Bundle by bundle, within it by alpha and batch.
std::vector<std::size_t> queue_order(const std::vector<Trial>& trials, const std::vector<std::size_t>& bundle_of) {
  std::vector<std::size_t> order(trials.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto before = [&](std::size_t a, std::size_t b) {
    return std::tie(bundle_of[a], trials[a].alpha, trials[a].batch) <
           std::tie(bundle_of[b], trials[b].alpha, trials[b].batch);
  };
  if (!std::is_sorted(order.begin(), order.end(), before)) std::stable_sort(order.begin(), order.end(), before);
  return order;
}

/// Puts values[order[i]] at i, in place: a second list of a million trials would take 200 MB. Leaves `order` as 0, 1,
/// ...
template <class T>
void arrange(std::vector<T>& values, std::vector<std::size_t>& order) {
  for (std::size_t start = 0; start < order.size(); ++start) {
    if (order[start] == start) continue;
    T first = std::move(values[start]);
    std::size_t place = start;
    while (order[place] != start) {
      const std::size_t from = order[place];
      values[place] = std::move(values[from]);
      order[place] = place;
      place = from;
    }
    values[place] = std::move(first);
    order[place] = place;
  }
}

}  // namespace

TrialQueue::TrialQueue(std::vector<Trial> trials) : trials_(std::move(trials)), remaining_(trials_.size()) {
  {
    std::vector<std::size_t> order = queue_order(trials_, number_bundles(trials_));
    arrange(trials_, order);
  }

  cost_through_.reserve(trials_.size() + 1);
  cost_through_ = {0};
  for (std::size_t i = 0; i < trials_.size(); ++i) {
    const Trial& trial = trials_[i];
    const bool opens_bundle = i == 0 || !share_embeddings(trials_[i - 1], trial);
    const bool new_first_step =
        opens_bundle || trials_[i - 1].alpha != trial.alpha || trials_[i - 1].batch != trial.batch;
    if (opens_bundle) bundles_.push_back({i, i});
    const CostEstimate cost = estimate_cost(trial);
    cost_through_.push_back(cost_through_.back() + cost.total() - (new_first_step ? 0 : cost.first_gradient) -
                            (opens_bundle ? 0 : cost.embeddings));
    bundles_.back().back = i + 1;
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
