#pragma once

#include <span>
#include <vector>

#include "memscale/analysis/curve_fit.hpp"
#include "memscale/analysis/law_point.hpp"

namespace memscale {

/// Crossover's curve (batch_fit.hpp) in log B and log K; theta = (log P, g, log B*) and, with an overshoot, (log a, log
/// q). x = infinity gives the plateau.
double crossover_curve(double log_batch, std::span<const double> theta, std::span<double> gradient);

/// Theta to start from, by the points' largest x (the plateau) and smallest (the branch, of exponent g).
std::vector<double> crossover_start(std::span<const LawPoint> points, double branch);

/// The fit of least squares with or without an overshoot, whichever Akaike's criterion prefers. Nothing where neither
/// converges.
std::optional<CurveFit> fit_crossover(std::span<const LawPoint> points, double branch, Resamples resamples);

}  // namespace memscale
