#pragma once

#include "memscale/core/thread_team.hpp"
#include "memscale/linalg/matrix.hpp"

namespace memscale {

/// An upper bound of the spectral norm ||A||_2 that allows for all rounding, within about 10 % for random and for
/// orthogonal matrices: by repeated squaring of A^T A, 2 n^3 flops in float32 each. A (n, n) finite, entries at most
/// 1e9.
double spectral_norm_bound(const MatrixF& a, ThreadTeam& team);

}  // namespace memscale
