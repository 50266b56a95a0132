#include "memscale/analysis/gap_decay_fit.hpp"

#include <cmath>
#include <optional>

#include "memscale/analysis/deterministic_fit.hpp"
#include "memscale/analysis/training_fit.hpp"
#include "memscale/experiment/trial_groups.hpp"

namespace memscale {

namespace {

constexpr std::size_t learnt_groups =
    4;  // before the law begins: the first ones are too few for a sum like an integral
constexpr double last_groups = 3;
constexpr std::size_t fewest = 4;  // points of a fit

/// Frequency of all groups behind the first ones.
double mass_behind(const ItemGroups& groups, std::size_t first) {
  double mass = 0;
  for (std::size_t g = first; g < groups.sizes.size(); ++g)
    mass += static_cast<double>(groups.sizes[g]) * groups.p[static_cast<Eigen::Index>(g)];
  return mass;
}

bool has_law(const Trial& t) {
  return t.optimizer == OptimizerKind::gd && t.label_noise > 0 && t.steps > 1 && t.eta_scale == EtaScale::absolute &&
         has_constant_eta(t) && t.frequencies == FrequencyKind::zipf && t.groups > 1 && t.alpha > 1;
}

std::optional<GapDecayFit> fit_gap_decay(const RunGroup& group) {
  const OrthogonalRun& run = *group.runs.back();
  const ItemGroups groups = groups_of(run.trial);
  const double eta = learning_rate(run.trial, 1), theory = 1 - 1 / run.trial.alpha;
  const double first = run.initial_loss() - run.result.loss_floor;
  const double begun = first * mass_behind(groups, learnt_groups);
  const double last = first * mass_behind(groups, groups.sizes.size() - 1);
  std::vector<LawPoint> points;
  std::vector<std::vector<double>> corrections;
  for (std::size_t k = 0; k < run.trace.steps.size(); ++k) {
    const double gap = run.trace.gap[k], eta_t = eta * static_cast<double>(run.trace.steps[k]);
    if (!(gap < begun) || !(gap > last_groups * last)) continue;
    points.push_back({std::log(eta_t), std::log(gap), 0, 1, {}});
    corrections.push_back({std::pow(eta_t, theory)});
  }
  if (points.size() < fewest) return std::nullopt;
  const auto line = plain_line(points, -1, theory, corrections);
  if (!line) return std::nullopt;
  return GapDecayFit{
      group.label,   &run, line->slope, line->intercept, std::exp(points.front().x), std::exp(points.back().x),
      line->goodness};
}

}  // namespace

GapDecayFits fit_gap_decays(std::span<const OrthogonalRun* const> runs) {
  std::vector<const OrthogonalRun*> fitted;
  for (const OrthogonalRun* run : runs)
    if (has_law(run->trial)) fitted.push_back(run);
  GapDecayFits found;
  for (const RunGroup& group : group_runs(fitted, {"steps", "seed"})) {
    if (auto fit = fit_gap_decay(group))
      found.fits.push_back(std::move(*fit));
    else
      found.notes.push_back(
          run_name(group.label, group.runs.back()->trial) +
          ": no law of the loss above its floor against eta t, fewer than four recorded steps have it "
          "between three times the last group's share of that at the start and the share of all behind the fourth");
  }
  return found;
}

}  // namespace memscale
