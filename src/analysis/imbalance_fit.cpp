#include "memscale/analysis/imbalance_fit.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "memscale/analysis/deterministic_fit.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

std::optional<double> theory_of(const Trial& t) {
  const bool even = t.optimizer == OptimizerKind::tra_signgd ||
                    (t.optimizer == OptimizerKind::muon && t.orthogonalizer == Orthogonalizer::svd) ||
                    (t.optimizer == OptimizerKind::signgd && t.task_basis == TaskBasisKind::identity);
  return even ? std::optional(0.0) : std::nullopt;
}

/// At W = 0 all probabilities are 1 / K.
ImbalancePath start_of(const OrthogonalRun& run) {
  return {{run.initial_loss()}, {0}};
}

void add(double loss, double imbalance, ImbalancePath& path) {
  if (!std::isfinite(loss) || !std::isfinite(imbalance)) return;
  path.loss.push_back(loss);
  path.imbalance.push_back(imbalance);
}

std::vector<ImbalancePath> values_of(std::map<std::int64_t, ImbalancePath> of_seed) {
  std::vector<ImbalancePath> paths;
  for (auto& [seed, path] : of_seed) paths.push_back(std::move(path));
  return paths;
}

std::vector<ImbalancePath> sweep_paths(const RunGroup& group) {
  std::map<std::int64_t, ImbalancePath> of_seed;
  for (const OrthogonalRun* run : group.runs) {
    ImbalancePath& path = of_seed.try_emplace(run->trial.seed, start_of(*run)).first->second;
    add(run->result.loss, run->result.imbalance, path);
  }
  return values_of(std::move(of_seed));
}

/// Of each seed the longest training: of a constant eta the others are its beginnings.
std::vector<ImbalancePath> training_paths(const RunGroup& group) {
  std::map<std::int64_t, ImbalancePath> of_seed;
  for (const OrthogonalRun* run : group.runs) {
    ImbalancePath path = start_of(*run);
    const OrthogonalTrace& trace = run->trace;
    for (std::size_t k = 0; k < trace.steps.size(); ++k)
      add(trace.loss[k], trace.max_probability[k] - trace.min_probability[k], path);
    of_seed[run->trial.seed] = std::move(path);  // ascending steps
  }
  return values_of(std::move(of_seed));
}

ImbalanceRow row_of(const RunGroup& group, std::vector<ImbalancePath> paths) {
  std::vector<double> largest, at_half;
  for (const ImbalancePath& path : paths) {
    largest.push_back(path.largest());
    at_half.push_back(path.at_loss(group.runs.front()->initial_loss() / 2));
  }
  const auto theory = theory_of(group.trial());
  return {group.label, group.runs.back(), std::move(paths), plain_mean(largest, theory), plain_mean(at_half, theory)};
}

bool has_path(const std::vector<ImbalancePath>& paths, std::size_t points) {
  return std::any_of(paths.begin(), paths.end(), [&](const ImbalancePath& p) { return p.loss.size() > points; });
}

}  // namespace

double ImbalancePath::largest() const {
  return imbalance.empty() ? Result::not_measured : *std::max_element(imbalance.begin(), imbalance.end());
}

double ImbalancePath::at_loss(double wanted) const {
  for (std::size_t k = 0; k + 1 < loss.size(); ++k) {
    if (!(loss[k] >= wanted && loss[k + 1] <= wanted) || loss[k] == loss[k + 1]) continue;
    const double share = (loss[k] - wanted) / (loss[k] - loss[k + 1]);
    return imbalance[k] + share * (imbalance[k + 1] - imbalance[k]);
  }
  return Result::not_measured;
}

ImbalanceRows imbalance_rows(std::span<const OrthogonalRun* const> runs) {
  std::vector<const OrthogonalRun*> one_step, trainings;
  for (const OrthogonalRun* run : runs) (run->trial.steps == 1 ? one_step : trainings).push_back(run);
  ImbalanceRows rows;
  std::int64_t single = 0;
  for (const RunGroup& group : group_runs(one_step, {"eta", "seed"})) {
    std::vector<ImbalancePath> paths = sweep_paths(group);
    if (has_path(paths, 2))
      rows.sweeps.push_back(row_of(group, std::move(paths)));
    else
      ++single;
  }
  if (single > 0)
    rows.notes.push_back("no imbalance over the learning rates of one step for " + to_text(single) +
                         (single == 1 ? " method" : " methods and dimensions") + " with fewer than two of them");
  for (const RunGroup& group : group_runs(trainings, {"steps", "seed"})) {
    std::vector<ImbalancePath> paths = training_paths(group);
    if (has_path(paths, 1)) rows.trainings.push_back(row_of(group, std::move(paths)));
  }
  return rows;
}

}  // namespace memscale
