#pragma once

#include <optional>

#include "memscale/experiment/trial.hpp"

namespace memscale {

/// C_alpha = c1 + c2 / alpha.
struct PredictedLaw {
  double c1, c2;
  bool operator==(const PredictedLaw&) const = default;
};

/// The law of capacity after one population step (arXiv 2603.26554), up to logarithms: gd (0, 1/2); muon with the exact
/// or, at the paper's own lambda, the regularized polar factor, and newton with a ridge of at most the paper's 1e-8:
/// (1, 1/2). Nothing for newton-schulz, kappa > 0, minibatches and more steps.
std::optional<PredictedLaw> predicted_law(const Trial& trial);

/// The exponent C_alpha by that law; nothing for alpha <= 1, where it does not apply.
std::optional<double> predicted_exponent(const Trial& trial);

}  // namespace memscale
