#include "memscale/analysis/twin_fit.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "memscale/analysis/training_fit.hpp"
#include "memscale/analysis/trial_fields.hpp"

namespace memscale {

namespace {

bool is_twin(const Trial& t) {
  if (t.optimizer == OptimizerKind::tra_signgd) return true;
  return t.optimizer == OptimizerKind::muon && t.orthogonalizer == Orthogonalizer::svd && t.momentum == 0;
}

/// All that twins share, and muon's eta: to both methods no basis matters.
std::vector<double> twin_key(const Trial& trial) {
  const std::set<std::string_view> own{"optimizer", "orthogonalizer", "representation", "task_basis", "seed"};
  const double factor = trial.optimizer == OptimizerKind::tra_signgd ? 2 : 1;
  std::vector<double> key;
  for_each_field(trial, [&](std::string_view name, const auto& value) {
    if (own.contains(name) || field_role(name) == FieldRole::measured) return;
    key.push_back(name == "eta" ? factor * static_cast<double>(value) : static_cast<double>(value));
  });
  return key;
}

/// At the recorded steps of both, and after one step at its end.
void compare(const OrthogonalRun& tra, const OrthogonalRun& muon, TwinFit& fit) {
  const double eta = learning_rate(muon.trial, 1);
  const double least = muon.trial.label_noise > 0 ? std::max(least_loss, eta * eta) : least_loss;
  const auto heed = [&](double of_tra, double of_muon) {
    if (!(of_tra > least) || !(of_muon > least) || !std::isfinite(of_tra + of_muon)) return;
    ++fit.steps;
    fit.largest = std::max(fit.largest, std::abs(std::log(of_tra / of_muon)));
  };
  const std::vector<std::int64_t>& steps = muon.trace.steps;
  for (std::size_t i = 0; i < tra.trace.steps.size(); ++i) {
    const auto same = std::lower_bound(steps.begin(), steps.end(), tra.trace.steps[i]);
    if (same != steps.end() && *same == tra.trace.steps[i])
      heed(tra.trace.gap[i], muon.trace.gap[static_cast<std::size_t>(same - steps.begin())]);
  }
  if (steps.empty() && tra.trace.steps.empty() && tra.result.steps_done == muon.result.steps_done)
    heed(tra.result.gap, muon.result.gap);
}

}  // namespace

TwinFits compare_twins(std::span<const OrthogonalRun* const> runs) {
  std::map<std::vector<double>, const OrthogonalRun*> muons;
  std::vector<const OrthogonalRun*> paired;
  for (const OrthogonalRun* run : runs)
    if (is_twin(run->trial) && run->trial.optimizer == OptimizerKind::muon) muons.emplace(twin_key(run->trial), run);
  for (const OrthogonalRun* run : runs)
    if (run->trial.optimizer == OptimizerKind::tra_signgd && muons.contains(twin_key(run->trial)))
      paired.push_back(run);
  TwinFits found;
  for (const RunGroup& group : group_runs(paired, {"steps", "eta", "seed"})) {
    TwinFit fit{group.label, group.runs.front(), group.runs.back()->trial.steps != group.trial().steps};
    for (const OrthogonalRun* run : group.runs) compare(*run, *muons.at(twin_key(run->trial)), fit);
    if (fit.steps > 0)
      found.fits.push_back(fit);
    else
      found.notes.push_back(run_name(group.label, group.trial()) +
                            ": not compared with muon at twice its eta, as no loss of both is large enough");
  }
  return found;
}

}  // namespace memscale
