#pragma once

#include <vector>

#include "memscale/schedule/cost_model.hpp"

namespace memscale {

/// A cost model that has learnt from small trials of the same methods as `trials`, run here on so many threads for
/// about `seconds`: good to a factor of two or so, for larger trials reach other rates.
CostModel calibrate(const std::vector<Trial>& trials, int threads, double seconds = 1);

}  // namespace memscale
