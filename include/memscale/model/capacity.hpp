#pragma once

#include <cstdint>
#include <vector>

#include "memscale/model/gaussian_memory.hpp"

namespace memscale {

/// Which items a memory W recovers: i is recovered when s_ii > s_ij for every j != i, s_ij = u_j^T W v_i.
struct Recovery {
  std::vector<std::uint8_t> recovered;  ///< (items), 0 or 1

  std::int64_t capacity() const;           ///< recovered items
  std::int64_t prefix() const;             ///< largest K with items 1..K all recovered
  double accuracy(const Vector& p) const;  ///< sum_i p_i [i recovered]
};

/// The exact recovered set in float64 arithmetic, without the N x N scan: float32 scores settle all but the borderline,
/// each query leaves at its first winning competitor, and what lies within the float32 rounding bound is decided in
/// float64. Ties and non-finite own scores are not recovered. `weights` (d, d); the embeddings must be finite.
Recovery find_recovered(const GaussianMemory& memory, const Matrix& weights);

}  // namespace memscale
