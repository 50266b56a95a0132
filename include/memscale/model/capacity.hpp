#pragma once

#include <cstdint>
#include <vector>

#include "memscale/core/thread_team.hpp"
#include "memscale/model/competitors.hpp"
#include "memscale/model/gaussian_memory.hpp"

namespace memscale {

/// Which items a memory W recovers: i is recovered when s_ii > s_ij for every j != i, s_ij = u_j^T W v_i.
struct Recovery {
  std::vector<std::uint8_t> recovered;  ///< (items), 0 or 1

  std::int64_t capacity() const;           ///< recovered items
  std::int64_t prefix() const;             ///< largest K with items 1..K all recovered
  double accuracy(const Vector& p) const;  ///< sum_i p_i [i recovered]
};

/// The exact recovered set in float64 arithmetic, without the N x N scan: cheaper scores with rigorous error bounds
/// settle all but the borderline, each query leaves at its first winning competitor, and what lies within the bounds is
/// decided in float64. Ties and non-finite own scores are not recovered. With `margin` (at least 0, in units of the
/// scores) an item counts when s_ii > s_ij + margin for every j != i. `weights` (d, d); the embeddings must be finite.
/// The same set for any number of threads and on any CPU.
Recovery find_recovered(const GaussianMemory& memory, const Competitors& competitors, const Matrix& weights,
                        double margin, ThreadTeam& team);

}  // namespace memscale
