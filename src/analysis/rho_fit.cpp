#include "memscale/analysis/rho_fit.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "memscale/analysis/deterministic_fit.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/trial_groups.hpp"

namespace memscale {

namespace {

/// Whether all items' scores grow alike, whatever their frequency.
bool is_even(const Trial& t) {
  switch (t.optimizer) {
    case OptimizerKind::muon:
      return t.orthogonalizer == Orthogonalizer::svd;
    case OptimizerKind::tra_signgd:
      return true;
    case OptimizerKind::signgd:
      return t.task_basis == TaskBasisKind::identity;
    default:
      return false;
  }
}

/// Whether the first update is the gradient, up to a factor.
bool is_gradient(const Trial& t) {
  return t.optimizer == OptimizerKind::gd || t.optimizer == OptimizerKind::ngd;
}

/// Whether three items that share coordinates are of both groups, whose rho is another than that of other K.
bool has_straddling_triple(const Trial& t) {
  return t.task_basis == TaskBasisKind::coupled && groups_of(t).sizes.front() % 3 != 0;
}

Rhos rhos_of(const Result& r) {
  return {r.rho_0_5, r.rho_0_1, r.rho_0_01, r.rho_0_001};
}

/// Over seeds; of each seed the first eta that knows it.
RhoPoint point_of(const RunGroup& group) {
  std::map<std::int64_t, Rhos> of_seed;
  for (const OrthogonalRun* run : group.runs) {
    const Rhos found = rhos_of(run->result);
    const auto [place, is_new] = of_seed.emplace(run->trial.seed, found);
    for (std::size_t e = 0; e < found.size(); ++e)
      if (std::isnan(place->second[e])) place->second[e] = found[e];
  }
  const OrthogonalRun& run = *group.runs.front();
  RhoPoint point{group.label, &run, {}, Result::not_measured};
  for (std::size_t e = 0; e < rho_epsilons.size(); ++e) {
    std::vector<double> values;
    for (const auto& [seed, rhos] : of_seed) values.push_back(rhos[e]);
    const double theory = rho_theory(run, rho_epsilons[e]);
    point.rho[e] = plain_mean(values, std::isfinite(theory) ? std::optional(theory) : std::nullopt);
    if (!is_gradient(run.trial) || !std::isfinite(point.rho[e].value)) continue;
    const double off = std::abs(point.rho[e].value - theory);
    point.off_closed_form = std::isnan(point.off_closed_form) ? off : std::max(point.off_closed_form, off);
  }
  return point;
}

bool is_known(const RhoPoint& point) {
  return std::any_of(point.rho.begin(), point.rho.end(), [](const Coefficient& c) { return std::isfinite(c.value); });
}

bool is_coupled_signs(const Trial& t) {
  return t.optimizer == OptimizerKind::signgd && t.task_basis == TaskBasisKind::coupled;
}

/// The bound eps^-0.7 K^-0.3 says something where it is below 1, of the smallest K, too.
std::optional<double> exponent_theory(const OrthogonalRun& run, double eps, double smallest_items) {
  constexpr double of_coupled_signs = -0.3;
  const Trial& t = run.trial;
  if (is_even(t)) return 0;
  if (is_gradient(t)) return frequency_ratio(run) - 1;
  if (is_coupled_signs(t) && std::pow(eps, -0.7) * std::pow(smallest_items, of_coupled_signs) < 1)
    return of_coupled_signs;
  return std::nullopt;
}

/// Theory is an upper bound of signgd's exponent, and muon's rho is 1 - eps up to log(K) / K.
void heed_bounds(const OrthogonalRun& smallest, Coefficient& exponent) {
  if (exponent.verdict != Verdict::not_consistent) return;
  if (is_coupled_signs(smallest.trial) && exponent.value < *exponent.theory) exponent.verdict = Verdict::consistent;
  if (is_even(smallest.trial) && std::abs(exponent.value) <= smallest.initial_loss() / smallest.items())
    exponent.verdict = Verdict::finite_size;
}

std::optional<RhoFit> fit_rho(const std::string& label, const std::vector<const RhoPoint*>& points, std::size_t e) {
  RhoFit fit{label, rho_epsilons[e], nullptr, {}, {}, 0, {}};
  const OrthogonalRun* largest = nullptr;
  std::vector<LawPoint> line_points;
  for (const RhoPoint* point : points) {
    const double rho = point->rho[e].value;
    if (!(rho > 0)) continue;
    fit.points.push_back({point->run->items(), rho});
    if (!fit.run) fit.run = point->run;
    largest = point->run;
    line_points.push_back({std::log(point->run->items()), std::log(rho), point->run->trial.d, 1, {}});
  }
  if (fit.points.empty()) return std::nullopt;
  const auto line = plain_line(line_points, 1, exponent_theory(*largest, fit.eps, fit.run->items()));
  if (!line) return std::nullopt;
  fit.exponent = line->slope;
  heed_bounds(*fit.run, fit.exponent);
  fit.log_factor = line->intercept;
  fit.goodness = line->goodness;
  return fit;
}

}  // namespace

double frequency_ratio(const OrthogonalRun& run) {
  const ItemGroups groups = groups_of(run.trial);
  return groups.p.minCoeff() / groups.p.maxCoeff();
}

double gd_rho(double eps, double r, double items) {
  // As rho itself: where it is small, 1 - rho has lost its digits.
  const double others = std::pow(1 - eps, r) * std::pow(eps, 1 - r) * std::pow(items - 1, r - 1);
  return others / (eps + others);
}

double rho_theory(const OrthogonalRun& run, double eps) {
  if (run.trial.d < 2) return Result::not_measured;
  if (is_even(run.trial)) return 1 - eps;
  return is_gradient(run.trial) ? gd_rho(eps, frequency_ratio(run), run.items()) : Result::not_measured;
}

RhoFits fit_rhos(std::span<const OrthogonalRun* const> runs) {
  std::vector<const OrthogonalRun*> one_step, measured;
  for (const OrthogonalRun* run : runs)
    if (run->trial.steps == 1 && run->trial.frequencies == FrequencyKind::two_groups) one_step.push_back(run);
  RhoFits found;
  std::map<const OrthogonalRun*, std::size_t> place;
  for (const RunGroup& group : group_runs(one_step, {"eta", "seed"})) {
    RhoPoint point = point_of(group);
    if (!is_known(point)) {
      found.notes.push_back(run_name(group.label, group.trial()) +
                            ": no rho, no probability reaches 1/2 at any learning rate");
      continue;
    }
    place[point.run] = found.points.size();
    measured.push_back(point.run);
    found.points.push_back(std::move(point));
  }
  for (const RunGroup& group : group_runs(measured, {"d", "eta", "seed"}))
    for (const bool straddles : {false, true}) {
      std::vector<const RhoPoint*> points;
      for (const OrthogonalRun* run : group.runs)
        if (has_straddling_triple(run->trial) == straddles) points.push_back(&found.points[place.at(run)]);
      const std::string label = group.label + (straddles ? " (a triple of both groups)" : "");
      for (std::size_t e = 0; e < rho_epsilons.size(); ++e)
        if (auto fit = fit_rho(label, points, e)) found.fits.push_back(std::move(*fit));
    }
  return found;
}

}  // namespace memscale
