#include "memscale/schedule/calibration.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "memscale/experiment/run_trial.hpp"

namespace memscale {

namespace {

using Clock = std::chrono::steady_clock;

/// Fewer steps, then half the groups of a reduced memory, half the items of a dense one, again and again.
Trial shrunk_orthogonal(Trial trial, double flops) {
  constexpr std::int64_t steps = 3, least_size = 15;
  const auto too_large = [&] { return estimate_cost(trial).total() > flops && matrix_size(trial) > least_size; };
  if (estimate_cost(trial).total() > flops) trial.steps = std::min(trial.steps, steps);
  const bool zipf = trial.frequencies == FrequencyKind::zipf;
  while (too_large()) {
    if (trial.representation == Representation::reduced) {
      const std::int64_t size = trial.d / trial.groups;
      trial.groups /= 2;
      trial.d = trial.groups * size;
    } else {
      trial.d = trial.d / 6 * 3;  // three divides a coupled basis' d
      if (zipf) trial.groups = trial.d;
    }
  }
  return canonical(trial);
}

/// A smaller trial of the same method, of at most these flops if that can be: fewer steps, then fewer items, then fewer
/// dimensions, on which the rates depend most.
Trial shrunk(Trial trial, double flops) {
  if (trial.model == ModelKind::orthogonal) return shrunk_orthogonal(trial, flops);
  constexpr std::int64_t steps = 3, least_items = 1000, least_d = 16;
  const auto too_large = [&] { return estimate_cost(trial).total() > flops; };
  if (too_large()) trial.steps = std::min(trial.steps, steps);
  const auto enough_items = [&] { return std::max(least_items, 4 * trial.d); };  // newton's moments have full rank
  while (too_large() && trial.items > enough_items()) trial.items = std::max(enough_items(), trial.items / 2);
  while (too_large() && trial.d > least_d) trial.d = std::max(least_d, trial.d / 2);
  while (too_large() && trial.items > enough_items()) trial.items = std::max(enough_items(), trial.items / 2);
  return canonical(trial);
}

/// Each method's most expensive trial, the method that takes most of the work first.
std::vector<Trial> examples(const std::vector<Trial>& trials) {
  struct Method {
    double flops = 0, most = 0;
    const Trial* trial = nullptr;
  };
  std::map<std::string, Method> methods;
  for (const Trial& trial : trials) {
    Method& method = methods[method_name(trial)];
    const double flops = estimate_cost(trial).total();
    method.flops += flops;
    if (!method.trial || flops > method.most) std::tie(method.most, method.trial) = std::pair(flops, &trial);
  }
  std::vector<Method> sorted;
  for (const auto& [name, method] : methods) sorted.push_back(method);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Method& a, const Method& b) { return a.flops > b.flops; });
  std::vector<Trial> chosen;
  for (const Method& method : sorted) chosen.push_back(*method.trial);
  return chosen;
}

}  // namespace

CostModel calibrate(const std::vector<Trial>& trials, int threads, double seconds) {
  CostModel model;
  const std::vector<Trial> chosen = examples(trials);
  Workspace workspace(threads);
  const auto start = Clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  const auto run = [&](const Trial& trial) {
    workspace.clear();
    if (const std::optional<Record> record = run_trial(trial, workspace)) model.learn(*record);
  };
  auto left = static_cast<double>(chosen.size());
  for (const Trial& trial : chosen) {
    // A first one of some milliseconds, then larger ones within the method's share: small ones have slow rates.
    const double share = (seconds - elapsed()) / left--, end = elapsed() + share;
    double flops = 2e7;
    for (Trial small = shrunk(trial, flops); elapsed() < end; small = shrunk(trial, flops)) {
      run(small);
      const double next = std::min(10 * flops, flops * (end - elapsed()) / model.seconds(small));
      if (next < 2 * flops || small == trial) break;
      flops = next;
    }
  }
  return model;
}

}  // namespace memscale
