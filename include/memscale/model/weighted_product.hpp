#pragma once

#include "memscale/linalg/matrix.hpp"

namespace memscale {

/// Mean row of a (items, d) matrix, (d) in float64.
Vector column_means(const MatrixF& rows);

/// sum_i weights_i (a_i - offset) b_i^T, (columns of a, columns of b), all in float64: at alpha = 3 the terms span more
/// decades than float32 holds. a (items, m), offset (m), weights (items), b (items, n).
Matrix weighted_product(const MatrixF& a, const Vector& offset, const Vector& weights, const MatrixF& b);

}  // namespace memscale
