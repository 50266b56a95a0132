#pragma once

#include <cstdint>

#include "memscale/linalg/matrix.hpp"

namespace memscale {

/// Zipf frequencies p_i = i^-alpha / sum_k k^-alpha, i = 1 .. items; (items) in float64, descending, sum 1.
Vector zipf_frequencies(std::int64_t items, double alpha);

}  // namespace memscale
