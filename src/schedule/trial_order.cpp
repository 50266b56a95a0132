#include "trial_order.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <tuple>
#include <unordered_map>

#include "memscale/schedule/cost_model.hpp"

namespace memscale {

namespace {

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

/// By place in the new order.
std::vector<std::size_t> order_of(const std::vector<Trial>& trials) {
  const std::vector<std::size_t> bundle_of = number_bundles(trials);
  std::vector<std::size_t> order(trials.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto sort_unless_sorted = [&](const auto& before) {
    if (!std::is_sorted(order.begin(), order.end(), before)) std::stable_sort(order.begin(), order.end(), before);
  };
  const auto run_of = [&](std::size_t i) { return std::tuple(bundle_of[i], trials[i].alpha, trials[i].batch); };
  sort_unless_sorted([&](std::size_t a, std::size_t b) { return run_of(a) < run_of(b); });

  std::vector<double> flops(trials.size()), run_flops(trials.size());
  for (std::size_t i = 0; i < trials.size(); ++i) flops[i] = estimate_cost(trials[i]).total();
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    double most = 0;
    for (end = begin; end < order.size() && run_of(order[end]) == run_of(order[begin]); ++end)
      most = std::max(most, flops[order[end]]);
    for (std::size_t k = begin; k < end; ++k) run_flops[order[k]] = most;
  }
  const auto key = [&](std::size_t i) {
    return std::tuple(bundle_of[i], -run_flops[i], trials[i].alpha, trials[i].batch, -flops[i]);
  };
  sort_unless_sorted([&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  return order;
}

/// Puts values[order[i]] at i, in place: a second list of a million trials would take 200 MB. Leaves `order` as 0, 1,
/// ...
template <class T>
void permute(std::vector<T>& values, std::vector<std::size_t>& order) {
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

bool share_embeddings(const Trial& a, const Trial& b) {
  return std::tie(a.model, a.d, a.items, a.kappa, a.task_basis, a.seed) ==
         std::tie(b.model, b.d, b.items, b.kappa, b.task_basis, b.seed);
}

bool share_first_step(const Trial& a, const Trial& b) {
  return a.alpha == b.alpha && a.batch == b.batch;
}

std::vector<Trial> arranged(std::vector<Trial> trials) {
  std::vector<std::size_t> order = order_of(trials);
  permute(trials, order);
  return trials;
}

}  // namespace memscale
