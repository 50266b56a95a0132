#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "memscale/analysis/aggregate.hpp"
#include "memscale/analysis/finite_size.hpp"
#include "memscale/analysis/fit_options.hpp"
#include "memscale/analysis/goodness.hpp"
#include "memscale/analysis/seed_bootstrap.hpp"
#include "memscale/analysis/theory.hpp"
#include "memscale/analysis/verdict.hpp"

namespace memscale {

/// Capacity = exp(log_factor) d^C at one alpha.
struct Exponent {
  double alpha = 0;
  Coefficient c;          ///< slope of log(mean capacity over seeds) against log d, ordinary least squares
  double log_factor = 0;  ///< intercept of that line
  Goodness goodness;
  std::vector<LocalSlope> local;
  std::optional<Estimate> extrapolated;  ///< of local slopes in 1 / log d, to infinite d
  std::int64_t d_count = 0, d_min = 0, d_max = 0;
  std::int64_t seeds_min = 0, seeds_max = 0;
  std::vector<const Cell*> cells;  ///< that the fit rests on, of the aggregate; C = sum weights log(mean capacity)
  std::vector<double> weights;
};

/// C_alpha = c1 + c2 / alpha, least squares over the alphas of a family.
struct Law {
  Coefficient c1, c2;
  Goodness goodness;
  std::int64_t alphas = 0;
  std::vector<double> c1_weights, c2_weights;  ///< of the family's exponents: c1 = sum c1_weights C
};

struct FamilyFit {
  std::string label;
  std::vector<Exponent> exponents;     ///< ascending alpha; a series without a slope is missing
  std::optional<Law> law;              ///< needs two alphas
  std::optional<PredictedLaw> theory;  ///< where it holds for every exponent
};

struct ScalingFit {
  std::vector<FamilyFit> families;  ///< in the aggregate's order
  std::vector<std::string> notes;   ///< what could not be fitted, and where to doubt the theory, a sentence each
};

/// Fits every family. Left out are cells below the options' limits and those that recover all items; a series with one
/// d has no slope, a family with one alpha no law, a fit that rests on a single seed no interval: each is told in
/// `notes`.
ScalingFit fit_scaling(const Aggregate& data, const SeedBootstrap& bootstrap, const FitOptions& options = {});
ScalingFit fit_scaling(const Aggregate& data, const FitOptions& options = {});

/// The cell's mean capacity as a point of a power law in d: x = log d, y = log mean.
LawPoint capacity_point(const Cell& cell, const SeedBootstrap& bootstrap);

}  // namespace memscale
