#pragma once

#include <map>
#include <vector>

#include "memscale/experiment/axis.hpp"
#include "memscale/experiment/trial.hpp"

namespace memscale {

/// The most trials that one job may have.
inline constexpr std::int64_t most_trials = 10'000'000;

/// A product of axes. An optimizer's own axes multiply that optimizer's trials only.
struct Grid {
  std::vector<Axis> common;  ///< outermost first
  std::vector<OptimizerKind> optimizers;
  std::map<OptimizerKind, std::vector<Axis>> own;
};

/// The optimizers with their own parameters: one trial each (common parameters as Trial has them), canonically equal
/// ones once, in order. Throws InputError for a parameter out of range and more than most_trials combinations.
std::vector<Trial> expand_methods(const Grid& grid);

/// The grid's trials: canonical, each once, methods innermost, so that neighbours share their embeddings. Throws
/// InputError for a trial that cannot run and, before making any, for more than most_trials.
std::vector<Trial> expand(const Grid& grid);

}  // namespace memscale
