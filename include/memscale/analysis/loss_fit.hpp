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

/// Of every method whose trials measured the population's loss.
LossFits fit_losses(const Aggregate& data, const SeedBootstrap& bootstrap, const FitOptions& options);

}  // namespace memscale
