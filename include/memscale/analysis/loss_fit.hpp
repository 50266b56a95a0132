#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "memscale/analysis/curve_fit.hpp"
#include "memscale/analysis/goodness.hpp"
#include "memscale/analysis/step_cells.hpp"
#include "memscale/analysis/verdict.hpp"

namespace memscale {

/// Mean loss of the population beside the mean number of recovered items, after T steps at one d.
struct LossPoint {
  std::int64_t d = 0, steps = 0;
  double capacity = 0, loss = 0;
};

/// Loss against recovered items at one alpha, over all d and steps: L ~ K^slope. Theory, arXiv 2603.26554: 1 - alpha
/// for infinitely many items; of N, the slope of K^(1 - alpha) - N^(1 - alpha) at these points.
struct LossItemsFit {
  std::string label;
  double alpha = 0;
  std::vector<LossPoint> points;
  Coefficient slope;
  double log_factor = 0;
  Goodness goodness;
};

/// Loss against steps at one alpha and d: L_T = floor + factor T^-rate, least squares in log L.
struct LossStepsFit {
  std::string label;
  double alpha = 0;
  std::int64_t d = 0;
  std::vector<LossPoint> points;  ///< ascending steps
  Coefficient rate, floor;
  double factor = 0;
  Goodness goodness;
};

struct LossFits {
  std::vector<LossItemsFit> items;
  std::vector<LossStepsFit> steps;
  std::vector<std::string> notes;
};

/// The fewest numbers of steps for a law of loss against steps.
inline constexpr std::size_t fewest_loss_steps = 5;

/// The laws of one method at one alpha, `points` its step_points; none without a loss.
LossFits fit_losses(const StepSweep& sweep, const std::vector<StepPoint>& points, Resamples resamples);

}  // namespace memscale
