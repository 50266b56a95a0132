#include "memscale/analysis/scaling_fit.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "memscale/analysis/caveats.hpp"
#include "memscale/analysis/cell_choice.hpp"
#include "memscale/analysis/line_fit.hpp"
#include "memscale/core/text.hpp"
#include "memscale/core/thread_team.hpp"

namespace memscale {

namespace {

std::string listed(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text.append(text.empty() ? "" : ", ").append(value);
  return text;
}

void append(std::vector<std::string>& notes, const std::vector<std::string>& more) {
  notes.insert(notes.end(), more.begin(), more.end());
}

/// A series' slope, its points, and the weights that made it and its correction.
struct SeriesFit {
  Exponent exponent;
  std::vector<LawPoint> points;
  std::vector<double> slope, corrected;  ///< empty: no correction
};

/// Where it holds for every cell, and all steps were done.
std::optional<double> theory_of(const std::vector<const Cell*>& cells) {
  for (const Cell* cell : cells)
    if (!predicted_exponent(cell->trial) || cell->cut_short > 0) return std::nullopt;
  return predicted_exponent(cells.front()->trial);
}

std::optional<Estimate> estimate_if(const std::vector<LawPoint>& points, const std::vector<double>& weights) {
  if (weights.empty()) return std::nullopt;
  return linear_estimate(points, weights);
}

SeriesFit fit_series(double alpha, const std::vector<const Cell*>& cells, const SeedBootstrap& bootstrap) {
  SeriesFit fit;
  for (const Cell* cell : cells) fit.points.push_back(capacity_point(*cell, bootstrap));
  const LinearFit line = fit_line(fit.points);
  fit.slope = line.weights[1];
  fit.corrected = logarithm_weights(fit.points);

  Exponent& e = fit.exponent;
  e.alpha = alpha;
  e.log_factor = line.values[0];
  e.goodness = line.goodness;
  e.c = judge(linear_estimate(fit.points, fit.slope), line.by_fit[1], theory_of(cells),
              estimate_if(fit.points, fit.corrected));
  e.local = local_slopes(fit.points);
  e.extrapolated = estimate_if(fit.points, extrapolation_weights(fit.points));
  e.cells = cells;
  e.weights = fit.slope;
  e.d_count = static_cast<std::int64_t>(cells.size());
  e.d_min = cells.front()->trial.d;
  e.d_max = cells.back()->trial.d;
  const auto by_seeds = [](const Cell* a, const Cell* b) { return a->seeds.size() < b->seeds.size(); };
  const auto [fewest, most] = std::minmax_element(cells.begin(), cells.end(), by_seeds);
  e.seeds_min = static_cast<std::int64_t>((*fewest)->seeds.size());
  e.seeds_max = static_cast<std::int64_t>((*most)->seeds.size());
  return fit;
}

/// A coefficient of the law is linear in the exponents, and they in the points of all series.
Estimate combined_estimate(const std::vector<SeriesFit>& fits, const std::vector<LawPoint>& points,
                           const std::vector<double>& of_exponent, std::vector<double> SeriesFit::*of_point) {
  std::vector<double> weights;
  for (std::size_t a = 0; a < fits.size(); ++a)
    for (double weight : fits[a].*of_point) weights.push_back(of_exponent[a] * weight);
  return linear_estimate(points, weights);
}

Law fit_law(std::vector<SeriesFit>& fits, const std::optional<PredictedLaw>& theory) {
  std::vector<LawPoint> exponents;
  std::vector<LawPoint> points;
  bool correctable = true;
  for (SeriesFit& fit : fits) {
    LawPoint exponent;
    exponent.x = 1 / fit.exponent.alpha;
    exponent.y = fit.exponent.c.value;
    exponents.push_back(exponent);
    for (LawPoint& point : fit.points) points.push_back(std::move(point));
    correctable = correctable && !fit.corrected.empty();
  }
  const LinearFit line = fit_line(exponents);
  const auto count = [&](Verdict verdict) {
    return std::count_if(fits.begin(), fits.end(), [=](const SeriesFit& f) { return f.exponent.c.verdict == verdict; });
  };
  const auto all = static_cast<std::ptrdiff_t>(fits.size()), drifting = count(Verdict::finite_size);
  const bool explained = drifting > 0 && drifting + count(Verdict::consistent) == all;
  const auto coefficient = [&](std::size_t k, std::optional<double> predicted) {
    std::optional<Estimate> corrected;
    if (correctable) corrected = combined_estimate(fits, points, line.weights[k], &SeriesFit::corrected);
    Coefficient c = judge(combined_estimate(fits, points, line.weights[k], &SeriesFit::slope), line.by_fit[k],
                          predicted, corrected);
    if (c.verdict == Verdict::not_consistent && explained) c.verdict = Verdict::finite_size;
    return c;
  };
  const auto c1 = theory ? std::optional(theory->c1) : std::nullopt;
  const auto c2 = theory ? std::optional(theory->c2) : std::nullopt;
  return {coefficient(0, c1), coefficient(1, c2), line.goodness, static_cast<std::int64_t>(fits.size()),
          line.weights[0],    line.weights[1]};
}

/// Theory's law, where it holds for every exponent that was fitted.
std::optional<PredictedLaw> law_of_theory(const Family& family, const std::vector<SeriesFit>& fits,
                                          const std::vector<FittedSeries>& fitted) {
  for (const SeriesFit& fit : fits)
    if (!fit.exponent.c.theory) return std::nullopt;
  return predicted_law(fits.empty() ? family.trial : fitted.front().cells.front()->trial);
}

/// What a store varies.
struct Axes {
  std::set<std::int64_t> d;
  std::set<double> alpha;
  std::int64_t most_seeds = 0;  ///< of a cell
};

Axes axes_of(const Aggregate& data) {
  Axes axes;
  for (const Family& family : data.families)
    for (const Series& series : family.series) {
      axes.alpha.insert(series.alpha);
      for (const Cell& cell : series.cells) {
        axes.d.insert(cell.trial.d);
        axes.most_seeds = std::max(axes.most_seeds, static_cast<std::int64_t>(cell.seeds.size()));
      }
    }
  return axes;
}

/// Laws that no method of the store can have, told once.
void tell_missing_axes(const Axes& axes, std::vector<std::string>& notes) {
  if (axes.d.size() == 1)
    notes.push_back("no exponents C, as all trials have d=" + to_text(*axes.d.begin()));
  else if (axes.alpha.size() == 1)
    notes.push_back("no laws C = c1 + c2/alpha, as all trials have alpha=" + to_text(*axes.alpha.begin()));
}

FamilyFit fit_family(const Family& family, const Axes& axes, const SeedBootstrap& bootstrap, const FitOptions& options,
                     ThreadTeam& team, std::vector<std::string>& notes) {
  FamilyFit found{family.label, {}, std::nullopt, std::nullopt};
  std::vector<FittedSeries> fitted;
  std::vector<std::string> single_seed, often_zero;
  for (const Series& series : family.series) {
    std::vector<FamilyCell> all;
    for (const Cell& cell : series.cells) all.push_back({&family, &cell});
    const std::vector<const Cell*> cells = usable_cells(all, options, notes);
    if (cells.size() < 2) {
      if (axes.d.size() > 1)
        notes.push_back(series_name(family, series) + ": no exponent, it needs two usable d and has " +
                        to_text(static_cast<std::int64_t>(cells.size())));
      continue;
    }
    fitted.push_back({series.alpha, cells});
    append(notes, series_caveats(family, fitted.back()));
  }
  std::vector<SeriesFit> fits(fitted.size());
  team.run(fits.size(), [&](std::size_t i, int) { fits[i] = fit_series(fitted[i].alpha, fitted[i].cells, bootstrap); });
  for (const SeriesFit& fit : fits) {
    const Exponent& e = fit.exponent;
    if (!e.c.has_interval()) (e.seeds_min == 1 ? single_seed : often_zero).push_back(to_text(e.alpha));
  }
  if (!single_seed.empty())
    notes.push_back(family.label + ": no interval at alpha=" + listed(single_seed) + ", some d have one seed only");
  if (!often_zero.empty())
    notes.push_back(family.label + ": no interval at alpha=" + listed(often_zero) +
                    ", the capacity of too many seeds is 0");
  found.theory = law_of_theory(family, fits, fitted);
  for (SeriesFit& fit : fits) found.exponents.push_back(fit.exponent);
  if (fits.size() >= 2) {
    found.law = fit_law(fits, found.theory);
    append(notes, law_caveats(family, fitted));
  } else if (axes.alpha.size() > 1 && axes.d.size() > 1) {
    notes.push_back(family.label + ": no law c1 + c2/alpha, it needs exponents at two alphas and has " +
                    to_text(static_cast<std::int64_t>(fits.size())));
  }
  return found;
}

}  // namespace

LawPoint capacity_point(const Cell& cell, const SeedBootstrap& bootstrap) {
  return {std::log(static_cast<double>(cell.trial.d)), std::log(cell.mean_capacity), cell.trial.d,
          static_cast<double>(cell.seeds.size()), bootstrap.log_deviations(cell, cell.capacities)};
}

ScalingFit fit_scaling(const Aggregate& data, const SeedBootstrap& bootstrap, const FitOptions& options) {
  ScalingFit fit;
  const Axes axes = axes_of(data);
  ThreadTeam team(options.threads);
  for (const Family& family : data.families)
    fit.families.push_back(fit_family(family, axes, bootstrap, options, team, fit.notes));
  tell_missing_axes(axes, fit.notes);
  if (options.min_seeds > FitOptions().min_seeds && axes.most_seeds < options.min_seeds && axes.most_seeds > 0)
    fit.notes.push_back("no cell has " + to_text(options.min_seeds) + " seeds, so --min-seeds leaves none out");
  return fit;
}

ScalingFit fit_scaling(const Aggregate& data, const FitOptions& options) {
  return fit_scaling(data, SeedBootstrap(data, options.resamples), options);
}

}  // namespace memscale
