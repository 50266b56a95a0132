#include "memscale/analysis/ci_estimates.hpp"

#include <limits>

#include "memscale/analysis/scaling_fit.hpp"

namespace memscale {

namespace {

double half_width_of(const Estimate& estimate) {
  constexpr double no_interval = std::numeric_limits<double>::infinity();
  return estimate.has_interval() ? (estimate.high - estimate.low) / 2 : no_interval;
}

void add_terms(CiEstimate& estimate, const Exponent& exponent, double weight) {
  for (std::size_t k = 0; k < exponent.cells.size(); ++k)
    estimate.terms.push_back({exponent.cells[k], weight * exponent.weights[k]});
}

void add_exponents(std::vector<CiEstimate>& found, const Family& family, const FamilyFit& fit, double target) {
  for (const Series& series : family.series) {
    CiEstimate& estimate = found.emplace_back(CiEstimate{"C of " + series_name(family, series), target, 0, {}});
    estimate.half_width = half_width_of({});
    for (const Exponent& exponent : fit.exponents) {
      if (exponent.alpha != series.alpha) continue;
      estimate.half_width = half_width_of(exponent.c);
      add_terms(estimate, exponent, 1);
    }
  }
}

void add_coefficient(std::vector<CiEstimate>& found, const char* name, const FamilyFit& fit, double target,
                     Coefficient Law::*coefficient, std::vector<double> Law::*weights) {
  if (target == CiTargets::any_width) return;
  CiEstimate& estimate = found.emplace_back(CiEstimate{name + (" of " + fit.label), target, half_width_of({}), {}});
  if (!fit.law) return;
  estimate.half_width = half_width_of((*fit.law).*coefficient);
  for (std::size_t a = 0; a < fit.exponents.size(); ++a)
    add_terms(estimate, fit.exponents[a], ((*fit.law).*weights)[a]);
}

}  // namespace

std::vector<CiEstimate> ci_estimates(const Aggregate& data, const CiTargets& targets) {
  const ScalingFit fit = fit_scaling(data);
  std::vector<CiEstimate> found;
  for (std::size_t f = 0; f < data.families.size(); ++f) {
    if (targets.has_exponent()) add_exponents(found, data.families[f], fit.families[f], targets.c);
    add_coefficient(found, "c1", fit.families[f], targets.c1, &Law::c1, &Law::c1_weights);
    add_coefficient(found, "c2", fit.families[f], targets.c2, &Law::c2, &Law::c2_weights);
  }
  return found;
}

}  // namespace memscale
