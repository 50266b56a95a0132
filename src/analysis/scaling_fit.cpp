#include "memscale/analysis/scaling_fit.hpp"

#include <algorithm>
#include <cmath>

#include "memscale/analysis/caveats.hpp"
#include "memscale/analysis/seed_bootstrap.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

using Terms = std::vector<SeedBootstrap::Term>;

/// Least squares y = intercept + slope x is linear in y: the weights of y in both.
struct LineWeights {
  std::vector<double> slope, intercept;
};

LineWeights line_weights(const std::vector<double>& x) {
  const auto n = static_cast<double>(x.size());
  double mean = 0, squares = 0;
  for (double v : x) mean += v / n;
  for (double v : x) squares += (v - mean) * (v - mean);
  LineWeights weights;
  for (double v : x) {
    weights.slope.push_back((v - mean) / squares);
    weights.intercept.push_back(1 / n - mean * (v - mean) / squares);
  }
  return weights;
}

std::string listed(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text.append(text.empty() ? "" : ", ").append(value);
  return text;
}

void append(std::vector<std::string>& notes, const std::vector<std::string>& more) {
  notes.insert(notes.end(), more.begin(), more.end());
}

/// A series' slope, and the weights that made it.
struct SeriesFit {
  Exponent exponent;
  Terms terms;
};

SeriesFit fit_series(const Series& series, const std::vector<const Cell*>& cells, const SeedBootstrap& bootstrap) {
  std::vector<double> log_d;
  for (const Cell* cell : cells) log_d.push_back(std::log(static_cast<double>(cell->trial.d)));
  const LineWeights weights = line_weights(log_d);

  SeriesFit fit;
  Exponent& e = fit.exponent;
  e.alpha = series.alpha;
  e.theory = predicted_exponent(cells.front()->trial);
  for (const Cell* cell : cells)
    if (!predicted_exponent(cell->trial) || cell->cut_short > 0) e.theory.reset();
  e.d_count = static_cast<std::int64_t>(cells.size());
  e.d_min = cells.front()->trial.d;
  e.d_max = cells.back()->trial.d;
  e.seeds_min = e.seeds_max = static_cast<std::int64_t>(cells.front()->seeds.size());
  for (std::size_t k = 0; k < cells.size(); ++k) {
    fit.terms.push_back({cells[k], weights.slope[k]});
    e.log_factor += weights.intercept[k] * std::log(cells[k]->mean_capacity);
    e.seeds_min = std::min(e.seeds_min, static_cast<std::int64_t>(cells[k]->seeds.size()));
    e.seeds_max = std::max(e.seeds_max, static_cast<std::int64_t>(cells[k]->seeds.size()));
  }
  e.c = bootstrap.estimate(fit.terms);
  double squares = 0;
  for (std::size_t k = 0; k < cells.size(); ++k) {
    const double residual = std::log(cells[k]->mean_capacity) - e.log_factor - e.c.value * log_d[k];
    squares += residual * residual;
  }
  e.rms = std::sqrt(squares / static_cast<double>(cells.size()));
  return fit;
}

Law fit_law(const std::vector<SeriesFit>& fits, const SeedBootstrap& bootstrap) {
  std::vector<double> inverse_alpha;
  for (const SeriesFit& fit : fits) inverse_alpha.push_back(1 / fit.exponent.alpha);
  const LineWeights weights = line_weights(inverse_alpha);
  Terms c1, c2;
  for (std::size_t a = 0; a < fits.size(); ++a)
    for (const SeedBootstrap::Term& term : fits[a].terms) {
      c1.push_back({term.cell, weights.intercept[a] * term.weight});
      c2.push_back({term.cell, weights.slope[a] * term.weight});
    }
  return {bootstrap.estimate(c1), bootstrap.estimate(c2), static_cast<std::int64_t>(fits.size())};
}

/// Theory's law, where it holds for every exponent that was fitted.
std::optional<PredictedLaw> law_of_theory(const Family& family, const std::vector<SeriesFit>& fits) {
  for (const SeriesFit& fit : fits)
    if (!fit.exponent.theory) return std::nullopt;
  return predicted_law(fits.empty() ? family.trial : fits.front().terms.front().cell->trial);
}

/// The cells with a logarithm; those without are told, and so are those that the number of items cuts short.
std::vector<const Cell*> usable_cells(const Family& family, const Series& series, std::vector<std::string>& notes) {
  std::vector<const Cell*> usable;
  for (const Cell& cell : series.cells) {
    if (cell.mean_capacity > 0)
      usable.push_back(&cell);
    else
      notes.push_back(cell_name(family, cell) + ": left out, mean capacity 0");
    if (cell.mean_capacity >= static_cast<double>(cell.trial.items))
      notes.push_back(cell_name(family, cell) + ": all " + to_text(cell.trial.items) +
                      " items recovered, so the slope is too small");
  }
  return usable;
}

FamilyFit fit_family(const Family& family, const SeedBootstrap& bootstrap, std::vector<std::string>& notes) {
  FamilyFit found{family.label, {}, std::nullopt, std::nullopt};
  std::vector<SeriesFit> fits;
  std::vector<FittedSeries> fitted;
  std::vector<std::string> single_seed, often_zero;
  for (const Series& series : family.series) {
    const std::vector<const Cell*> cells = usable_cells(family, series, notes);
    if (cells.size() < 2) {
      notes.push_back(series_name(family, series) + ": no exponent, it needs two d with capacity above 0 and has " +
                      to_text(static_cast<std::int64_t>(cells.size())));
      continue;
    }
    fits.push_back(fit_series(series, cells, bootstrap));
    fitted.push_back({series.alpha, cells});
    append(notes, series_caveats(family, fitted.back()));
    const Exponent& e = fits.back().exponent;
    if (e.c.has_interval()) continue;
    (e.seeds_min == 1 ? single_seed : often_zero).push_back(to_text(series.alpha));
  }
  if (!single_seed.empty())
    notes.push_back(family.label + ": no interval at alpha=" + listed(single_seed) + ", some d have one seed only");
  if (!often_zero.empty())
    notes.push_back(family.label + ": no interval at alpha=" + listed(often_zero) +
                    ", the capacity of too many seeds is 0");
  found.theory = law_of_theory(family, fits);
  if (fits.size() >= 2) {
    found.law = fit_law(fits, bootstrap);
    append(notes, law_caveats(family, fitted));
  } else {
    notes.push_back(family.label + ": no law c1 + c2/alpha, it needs exponents at two alphas and has " +
                    to_text(static_cast<std::int64_t>(fits.size())));
  }
  for (SeriesFit& fit : fits) found.exponents.push_back(fit.exponent);
  return found;
}

}  // namespace

ScalingFit fit_scaling(const Aggregate& data) {
  const SeedBootstrap bootstrap(data);
  ScalingFit fit;
  for (const Family& family : data.families) fit.families.push_back(fit_family(family, bootstrap, fit.notes));
  return fit;
}

}  // namespace memscale
