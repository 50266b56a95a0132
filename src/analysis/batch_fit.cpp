#include "memscale/analysis/batch_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "append.hpp"
#include "memscale/analysis/cell_choice.hpp"
#include "memscale/analysis/crossover_curve.hpp"
#include "memscale/analysis/family_group.hpp"
#include "memscale/analysis/finite_size.hpp"
#include "memscale/analysis/line_fit.hpp"
#include "memscale/analysis/scaling_fit.hpp"
#include "memscale/core/text.hpp"
#include "memscale/core/thread_team.hpp"

namespace memscale {

namespace {

constexpr std::size_t fewest_points = 5, fewest_on_a_side = 2;
constexpr double most_relative_error = 1;  // of B*, by the fit's own covariance

std::string crossover_name(const std::string& label, double alpha, std::int64_t d) {
  return label + " alpha=" + to_text(alpha) + " d=" + to_text(d);
}

/// exp of the k-th parameter, which is a logarithm; theory tells such numbers up to factors only.
Coefficient scale_of(const CurveFit& fit, std::size_t k) {
  return judge(exponential(fit.by_seeds[k]), exponential(fit.by_fit[k]), std::nullopt);
}

/// Empty, or why the points do not show both branch and plateau.
std::string objection(const std::vector<LawPoint>& points, double log_critical) {
  const auto below = static_cast<std::size_t>(
      std::count_if(points.begin(), points.end(), [&](const LawPoint& p) { return p.x < log_critical; }));
  if (below < fewest_on_a_side) return "fewer than two batch sizes lie below the critical one";
  if (points.size() - below < fewest_on_a_side) return "fewer than two batch sizes lie above the critical one";
  return {};
}

/// The crossover of these cells of one d, ascending batch; or nothing and why.
std::optional<Crossover> fit_cells(const std::vector<FamilyCell>& cells, double alpha, const SeedBootstrap& bootstrap,
                                   const FitOptions& options, Resamples resamples, std::string& why,
                                   std::vector<std::string>& notes) {
  Crossover found;
  found.d = cells.front().cell->trial.d;
  std::vector<LawPoint> points;
  const std::vector<const Cell*> chosen = usable_cells(cells, options, notes);
  for (const FamilyCell& at : cells) {
    const Cell& cell = *at.cell;
    const bool usable = std::find(chosen.begin(), chosen.end(), &cell) != chosen.end();
    found.points.push_back({cell.trial.batch, cell.mean_capacity, cell.standard_error, usable});
    if (!usable) continue;
    points.push_back(capacity_point(cell, bootstrap));
    points.back().x = std::log(cell.trial.batch);
  }
  if (points.size() < fewest_points) {
    why = "it needs five usable batch sizes and has " + to_text(std::uint64_t{points.size()});
    return std::nullopt;
  }
  const std::optional<CurveFit> fit = fit_crossover(points, 1 / alpha, resamples);
  if (!fit) {
    why = "the fit does not converge";
    return std::nullopt;
  }
  why = objection(points, fit->values[2]);
  if (why.empty() && !(fit->by_fit[2].standard_error < most_relative_error))
    why = "the points do not determine the critical batch size";
  if (!why.empty()) return std::nullopt;

  found.plateau = scale_of(*fit, 0);
  found.branch = judge(fit->by_seeds[1], fit->by_fit[1], 1 / alpha);
  found.critical = scale_of(*fit, 2);
  if (fit->values.size() > 3) {
    found.overshoot = std::exp(fit->values[3]);
    found.decay = std::exp(fit->values[4]);
  }
  found.goodness = fit->goodness;
  found.log_critical.x = std::log(static_cast<double>(found.d));
  found.log_critical.y = fit->values[2];
  found.log_critical.d = found.d;
  found.log_critical.seeds = fit->freedom[2] + 1;
  if (!fit->deviations.empty()) found.log_critical.deviations = fit->deviations[2];
  return found;
}

/// Where B^(1/alpha) meets d^C: B* ~ d^(alpha C).
std::optional<double> theory_of(Trial trial) {
  trial.batch = std::numeric_limits<double>::infinity();
  const auto exponent = trial.steps == 1 ? predicted_exponent(trial) : std::nullopt;
  return exponent ? std::optional(trial.alpha * *exponent) : std::nullopt;
}

void fit_critical_exponent(BatchFit& fit) {
  std::vector<LawPoint> points;
  for (const Crossover& crossover : fit.crossovers) points.push_back(crossover.log_critical);
  const LinearFit line = fit_line(points);
  std::optional<Estimate> corrected;
  if (const auto weights = logarithm_weights(points); !weights.empty()) corrected = linear_estimate(points, weights);
  fit.critical_exponent =
      judge(linear_estimate(points, line.weights[1]), line.by_fit[1], theory_of(fit.trial), corrected);
  fit.critical_log_factor = line.values[0];
  fit.critical_goodness = line.goodness;
}

/// Cells of one method and alpha, by d.
struct Sweep {
  const FamilyGroup* group;
  double alpha;
  std::map<std::int64_t, std::vector<FamilyCell>> by_d;
};

std::vector<Sweep> sweeps_of(const std::vector<FamilyGroup>& groups) {
  std::vector<Sweep> sweeps;
  for (const FamilyGroup& group : groups) {
    std::map<double, Sweep> by_alpha;
    for (const Family* family : group.families)
      for (const Series& series : family->series) {
        Sweep& sweep = by_alpha.try_emplace(series.alpha, Sweep{&group, series.alpha, {}}).first->second;
        for (const Cell& cell : series.cells) sweep.by_d[cell.trial.d].push_back({family, &cell});
      }
    for (auto& [alpha, sweep] : by_alpha) sweeps.push_back(std::move(sweep));
  }
  return sweeps;
}

BatchFits fit_sweep(const Sweep& sweep, const SeedBootstrap& bootstrap, const FitOptions& options,
                    Resamples resamples) {
  BatchFits all;
  BatchFit fit;
  fit.label = sweep.group->label;
  fit.alpha = sweep.alpha;
  fit.trial = sweep.by_d.begin()->second.front().cell->trial;
  for (const auto& [d, cells] : sweep.by_d) {
    std::string why;
    auto crossover = fit_cells(cells, sweep.alpha, bootstrap, options, resamples, why, all.notes);
    if (crossover)
      fit.crossovers.push_back(std::move(*crossover));
    else
      all.notes.push_back(crossover_name(fit.label, sweep.alpha, d) + ": no crossover in batch size, " + why);
  }
  if (fit.crossovers.size() >= 2)
    fit_critical_exponent(fit);
  else
    all.notes.push_back(fit.label + " alpha=" + to_text(sweep.alpha) +
                        ": no exponent of the critical batch size, it needs crossovers at two d and has " +
                        to_text(std::uint64_t{fit.crossovers.size()}));
  if (!fit.crossovers.empty()) all.fits.push_back(std::move(fit));
  return all;
}

}  // namespace

double Crossover::operator()(double batch) const {
  std::vector<double> theta{std::log(plateau.value), branch.value, std::log(critical.value)};
  if (overshoot > 0) theta.insert(theta.end(), {std::log(overshoot), std::log(decay)});
  std::vector<double> gradient(theta.size());
  return std::exp(crossover_curve(std::log(batch), theta, gradient));
}

BatchFits fit_batches(const Aggregate& data, const SeedBootstrap& bootstrap, const FitOptions& options) {
  constexpr std::size_t fewest_batches = 3;
  std::vector<FamilyGroup> groups = families_along(data, "batch");
  std::erase_if(groups, [](const FamilyGroup& group) { return group.families.size() < fewest_batches; });
  const std::vector<Sweep> sweeps = sweeps_of(groups);
  std::size_t crossovers = 0;
  for (const Sweep& sweep : sweeps) crossovers += sweep.by_d.size();
  const Resamples resamples = resamples_of(static_cast<std::size_t>(options.resamples), crossovers);
  std::vector<BatchFits> parts(sweeps.size());
  ThreadTeam(options.threads).run(parts.size(), [&](std::size_t i, int) {
    parts[i] = fit_sweep(sweeps[i], bootstrap, options, resamples);
  });
  BatchFits all;
  for (BatchFits& part : parts) {
    append(all.fits, part.fits);
    append(all.notes, part.notes);
  }
  return all;
}

}  // namespace memscale
