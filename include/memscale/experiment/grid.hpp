#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "memscale/experiment/axis.hpp"
#include "memscale/experiment/trial.hpp"

namespace memscale {

/// The most trials that one job may have.
inline constexpr std::int64_t most_trials = 10'000'000;

/// A product of axes. An optimizer's own axes multiply that optimizer's trials only, and win over the common ones.
struct Grid {
  std::vector<Axis> common;  ///< outermost first
  std::vector<OptimizerKind> optimizers;
  std::map<OptimizerKind, std::vector<Axis>> own;
};

/// Trials and their ids.
struct TrialList {
  std::vector<Trial> trials;
  std::vector<std::uint64_t> ids;
};

/// The grid's trials: canonical, each once, methods innermost, so that neighbours share their embeddings. Throws
/// InputError for a trial that cannot run and, before making any, for more than most_trials.
TrialList expand(const Grid& grid);

}  // namespace memscale
