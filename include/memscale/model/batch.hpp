#pragma once

#include <cstdint>
#include <vector>

#include "memscale/linalg/matrix.hpp"

namespace memscale {

/// The distinct items that one step sees, and their weights q. For a minibatch of size B: q_i = count_i / B.
struct Batch {
  std::vector<std::int64_t> items;  ///< 0-based, ascending
  Vector q;                         ///< (items.size()), positive
};

/// All items, with q = p.
Batch population_batch(const Vector& p);

/// B draws from p (items, descending) with replacement, as counts: a function of (seed, d, step) alone, so that all
/// optimizers of a grid see the same batches. B a whole number, 1 to 1e15; step from 1.
Batch draw_batch(const Vector& p, double B, std::uint64_t seed, std::int64_t d, std::int64_t step);

}  // namespace memscale
