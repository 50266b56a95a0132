#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "memscale/analysis/aggregate.hpp"
#include "memscale/analysis/fit_options.hpp"
#include "memscale/analysis/goodness.hpp"
#include "memscale/analysis/law_point.hpp"
#include "memscale/analysis/seed_bootstrap.hpp"
#include "memscale/analysis/verdict.hpp"

namespace memscale {

/// Mean capacity at one batch size.
struct BatchPoint {
  double batch;  ///< may be infinite
  double capacity, standard_error;
  bool fitted;
};

/// min{plateau, branch}: capacity against batch size B at one d. A smooth minimum of the branch P r^g, r = B / B*, and
/// a ceiling that comes down to the plateau P,
///   K = P (r^(-g m) + (1 + a r^-q)^-m)^(-1/m), m = 8.
/// Far below the critical batch size B* it goes like P r^g, far above like P; branch and plateau meet at B*. a r^-q is
/// the overshoot just above B*: the tail that a batch has not seen is noise that is not there. Without one (a = 0, by
/// Akaike's criterion for few points) only P, g and B* are fitted. Least squares in log K.
struct Crossover {
  std::int64_t d = 0;
  std::vector<BatchPoint> points;   ///< ascending batch
  Coefficient branch;               ///< g; theory: 1 / alpha
  Coefficient plateau;              ///< P, items
  Coefficient critical;             ///< B*, associations
  double overshoot = 0, decay = 0;  ///< a, q
  Goodness goodness;
  LawPoint log_critical;  ///< log B* as a point over d, x = log d, with its resamples
  /// K at B.
  double operator()(double batch) const;
};

/// Crossovers of one method at one alpha, and what they say over d.
struct BatchFit {
  std::string label;  ///< of the method, without the batch size
  double alpha = 0;
  Trial trial;                        ///< one of them
  std::vector<Crossover> crossovers;  ///< ascending d
  /// s of B* ~ d^s; theory: alpha + 1/2 for muon and newton, 1/2 for sgd. Needs two d.
  std::optional<Coefficient> critical_exponent;
  double critical_log_factor = 0;  ///< log B* = critical_log_factor + s log d
  Goodness critical_goodness;
};

struct BatchFits {
  std::vector<BatchFit> fits;
  std::vector<std::string> notes;
};

/// Of every method with three batch sizes or more. A crossover needs five points and its B* inside their range; what
/// lacks them is told in `notes`.
BatchFits fit_batches(const Aggregate& data, const SeedBootstrap& bootstrap, const FitOptions& options);

}  // namespace memscale
