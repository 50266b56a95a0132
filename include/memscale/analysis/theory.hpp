#pragma once

#include <optional>

#include "memscale/experiment/trial.hpp"

namespace memscale {

/// C_alpha = c1 + c2 / alpha.
struct PredictedLaw {
  double c1, c2;
  bool operator==(const PredictedLaw&) const = default;
};

/// The law of capacity after one population step (arXiv 2603.26554), up to logarithms: gd and ngd (0, 1/2); muon with
/// the exact or, at the paper's own lambda where that is small, the regularized polar factor, and newton with a ridge
/// of at most the paper's 1e-8: (1, 1/2). Nothing for newton-schulz, kappa > 0, minibatches (whose capacity has no
/// power law in d but far above their critical size) and more steps, whose exponents are not linear in 1/alpha.
std::optional<PredictedLaw> predicted_law(const Trial& trial);

/// The exponent C_alpha by that law, and after several population steps, all of which were done (model/
/// capacity_exponent.hpp): of muon with the exact polar factor and no momentum, of gd whose learning rate grows.
/// Nothing for alpha <= 1, where none applies.
std::optional<double> predicted_exponent(const Trial& trial);

/// What the trial would be predicted if its lambda were small: for regularized muon at the paper's lambda the law of
/// exact muon, else predicted_law.
std::optional<PredictedLaw> asymptotic_law(const Trial& trial);

/// p_1 = 1 / sum_k k^-alpha over a trial's items, about the largest singular value of its gradient at W = 0.
double first_frequency(const Trial& trial);

/// Whether the regularized polar factor with this lambda is near the exact one where the gradient is largest: lambda <
/// 0.1 p_1. With lambda well above p_1 it is the gradient over lambda, that is, a step of gd.
bool has_small_lambda(const Trial& trial);

/// Whether newton's ridge is below 0.1 d^-alpha, about the smallest eigenvalue of the inputs' second moment. A larger
/// one keeps rare items from being amplified, at large d first, and so lowers the slope.
bool has_small_ridge(const Trial& trial);

}  // namespace memscale
