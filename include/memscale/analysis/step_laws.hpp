#pragma once

#include "memscale/analysis/aggregate.hpp"
#include "memscale/analysis/fit_options.hpp"
#include "memscale/analysis/loss_fit.hpp"
#include "memscale/analysis/seed_bootstrap.hpp"
#include "memscale/analysis/steps_fit.hpp"

namespace memscale {

/// What holds along the steps of a training.
struct StepLaws {
  StepsFits steps;  ///< of every method with several numbers of steps, or trials of several steps
  LossFits losses;  ///< of every method whose trials measured the population's loss
};

StepLaws fit_step_laws(const Aggregate& data, const SeedBootstrap& bootstrap, const FitOptions& options);

}  // namespace memscale
