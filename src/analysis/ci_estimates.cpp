#include "memscale/analysis/ci_estimates.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "memscale/analysis/scaling_fit.hpp"

namespace memscale {

namespace {

using Terms = std::vector<CiEstimate::Term>;

constexpr double no_interval = std::numeric_limits<double>::infinity();

double half_width_of(const Estimate& estimate) {
  return estimate.has_interval() ? (estimate.high - estimate.low) / 2 : no_interval;
}

/// The half-widths of one family's fit.
struct HalfWidths {
  std::map<double, double> c;  ///< by alpha
  double c1 = no_interval, c2 = no_interval;
};

/// The one place that asks the fit. Families in the aggregate's order.
std::vector<HalfWidths> fitted_half_widths(const Aggregate& data) {
  std::vector<HalfWidths> all;
  for (const FamilyFit& family : fit_scaling(data).families) {
    HalfWidths& found = all.emplace_back();
    for (const Exponent& exponent : family.exponents) found.c[exponent.alpha] = half_width_of(exponent.c);
    if (!family.law) continue;
    found.c1 = half_width_of(family.law->c1);
    found.c2 = half_width_of(family.law->c2);
  }
  return all;
}

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

/// Of the exponent of a series: cells without capacity have no logarithm. None where less than two are left.
Terms slope_terms(const Series& series) {
  Terms terms;
  std::vector<double> log_d;
  for (const Cell& cell : series.cells) {
    if (!(cell.mean_capacity > 0)) continue;
    terms.push_back({&cell, 0});
    log_d.push_back(std::log(static_cast<double>(cell.trial.d)));
  }
  if (terms.size() < 2) return {};
  const LineWeights weights = line_weights(log_d);
  for (std::size_t k = 0; k < terms.size(); ++k) terms[k].weight = weights.slope[k];
  return terms;
}

struct Slope {
  double alpha;
  Terms terms;
};

/// The slopes' combination with these weights.
Terms combined(const std::vector<Slope>& slopes, const std::vector<double>& weights) {
  Terms terms;
  for (std::size_t a = 0; a < slopes.size(); ++a)
    for (const CiEstimate::Term& term : slopes[a].terms) terms.push_back({term.cell, weights[a] * term.weight});
  return terms;
}

void add_law(std::vector<CiEstimate>& found, const Family& family, const HalfWidths& half_widths,
             std::vector<Slope> slopes, const CiTargets& targets) {
  std::erase_if(slopes, [](const Slope& slope) { return slope.terms.empty(); });
  std::vector<double> inverse_alpha;
  for (const Slope& slope : slopes) inverse_alpha.push_back(1 / slope.alpha);
  const bool exists = slopes.size() >= 2;
  const LineWeights weights = exists ? line_weights(inverse_alpha) : LineWeights{};
  const auto add = [&](const char* name, double target, double half_width, const std::vector<double>& of_slopes) {
    if (target == CiTargets::any_width) return;
    found.push_back(
        {name + (" of " + family.label), target, half_width, exists ? combined(slopes, of_slopes) : Terms{}});
  };
  add("c1", targets.c1, half_widths.c1, weights.intercept);
  add("c2", targets.c2, half_widths.c2, weights.slope);
}

}  // namespace

std::vector<CiEstimate> ci_estimates(const Aggregate& data, const CiTargets& targets) {
  const std::vector<HalfWidths> half_widths = fitted_half_widths(data);
  std::vector<CiEstimate> found;
  for (std::size_t f = 0; f < data.families.size(); ++f) {
    const Family& family = data.families[f];
    std::vector<Slope> slopes;
    for (const Series& series : family.series) {
      slopes.push_back({series.alpha, slope_terms(series)});
      if (!targets.has_exponent()) continue;
      const auto c = half_widths[f].c.find(series.alpha);
      found.push_back({"C of " + series_name(family, series), targets.c,
                       c == half_widths[f].c.end() ? no_interval : c->second, slopes.back().terms});
    }
    if (targets.has_law()) add_law(found, family, half_widths[f], std::move(slopes), targets);
  }
  return found;
}

}  // namespace memscale
