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

}  // namespace

std::vector<IsotropyRow> isotropy_rows(std::span<const OrthogonalRun* const> runs) {
  constexpr double of_coupled_signs = 0.25;
  std::vector<const OrthogonalRun*> measured;
  for (const OrthogonalRun* run : runs)
    if (run->trial.steps == 1 && run->result.update.largest > 0) measured.push_back(run);
  std::vector<IsotropyRow> rows;
  for (const RunGroup& group : group_runs(measured, {"eta", "seed"})) {
    const OrthogonalRun& run = *group.runs.front();
    std::map<std::int64_t, const Spectrum*> of_seed;
    for (const OrthogonalRun* one : group.runs) of_seed.emplace(one->trial.seed, &one->result.update);
    std::vector<double> condition, entropy, rank;
    for (const auto& [seed, s] : of_seed) {
      condition.push_back(s->smallest / s->largest);
      entropy.push_back(s->entropy);
      rank.push_back(s->effective_rank / run.items());
    }
    std::optional<double> of_condition, of_entropy, of_rank;
    if (run.trial.optimizer == OptimizerKind::signgd && run.trial.task_basis == TaskBasisKind::coupled)
      of_condition = of_coupled_signs;
    if (is_orthogonalized(run.trial)) {
      of_entropy = std::log(run.items() - 1) / std::log(run.items());
      of_rank = (run.items() - 1) / run.items();
    }
    rows.push_back({group.label, &run, plain_mean(condition, of_condition), plain_mean(entropy, of_entropy),
                    plain_mean(rank, of_rank)});
  }
  return rows;
}

}  // namespace memscale
