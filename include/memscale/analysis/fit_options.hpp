#pragma once

#include <cstdint>

namespace memscale {

/// Which cells the fits rest on; those left out are told.
struct FitOptions {
  std::int64_t min_seeds = 2;  ///< a cell of fewer is left out where others of its series have as many
  double min_capacity = 1;     ///< mean recovered items
  int resamples = 1000;        ///< of the seeds
  int threads = 1;             ///< the numbers do not depend on them
};

}  // namespace memscale
