#include "memscale/analysis/isotropy_fit.hpp"

#include <cmath>
#include <map>
#include <optional>

#include "memscale/analysis/deterministic_fit.hpp"

namespace memscale {

namespace {

bool is_orthogonalized(const Trial& t) {
  return t.optimizer == OptimizerKind::muon && t.orthogonalizer == Orthogonalizer::svd && t.d > 1;
}

/// Of the update without what all outputs share.
std::optional<double> condition_theory(const Trial& t) {
  constexpr double of_coupled_signs = 0.25;
  const bool signs = t.optimizer == OptimizerKind::signgd;
  if (signs && t.task_basis == TaskBasisKind::coupled) return of_coupled_signs;
  // 2 I less what all outputs share
  if (t.optimizer == OptimizerKind::tra_signgd || (signs && t.task_basis == TaskBasisKind::identity)) return 1;
  if (is_orthogonalized(t)) return 1;
  return std::nullopt;
}

}  // namespace

std::vector<IsotropyRow> isotropy_rows(std::span<const OrthogonalRun* const> runs) {
  std::vector<const OrthogonalRun*> measured;
  for (const OrthogonalRun* run : runs)
    if (run->trial.steps == 1 && run->result.update.largest > 0) measured.push_back(run);
  std::vector<IsotropyRow> rows;
  for (const RunGroup& group : group_runs(measured, {"eta", "seed"})) {
    const OrthogonalRun& run = *group.runs.front();
    std::map<std::int64_t, const Result*> of_seed;
    for (const OrthogonalRun* one : group.runs) of_seed.emplace(one->trial.seed, &one->result);
    std::vector<double> condition, entropy, rank;
    for (const auto& [seed, result] : of_seed) {
      condition.push_back(result->centered_smallest / result->centered_largest);
      entropy.push_back(result->update.entropy);
      rank.push_back(result->update.effective_rank / run.items());
    }
    std::optional<double> of_entropy, of_rank;
    if (is_orthogonalized(run.trial)) {
      of_entropy = std::log(run.items() - 1) / std::log(run.items());
      of_rank = (run.items() - 1) / run.items();
    }
    rows.push_back({group.label, &run, plain_mean(condition, condition_theory(run.trial)),
                    plain_mean(entropy, of_entropy), plain_mean(rank, of_rank)});
  }
  return rows;
}

}  // namespace memscale
