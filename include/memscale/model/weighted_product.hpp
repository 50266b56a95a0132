#pragma once

#include "memscale/core/thread_team.hpp"
#include "memscale/linalg/matrix.hpp"
#include "memscale/model/batch.hpp"

/// Sums over items in float64, in groups of a fixed size added in a fixed order: the same bits for any team.
namespace memscale {

/// Mean row of a (items, d) matrix, (d) in float64.
Vector column_means(const MatrixF& rows, ThreadTeam& team);

/// sum_i q_i (a_i - offset) b_i^T over the batch, (columns of a, columns of b), all in float64: at alpha = 3 the terms
/// span more decades than float32 holds. a (items, m), offset (m), b (items, n); no other rows are read.
Matrix weighted_product(const MatrixF& a, const Vector& offset, const Batch& batch, const MatrixF& b, ThreadTeam& team);

}  // namespace memscale
