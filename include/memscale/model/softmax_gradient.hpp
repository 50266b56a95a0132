#pragma once

#include "memscale/core/thread_team.hpp"
#include "memscale/model/batch.hpp"
#include "memscale/model/gaussian_memory.hpp"

namespace memscale {

/// The loss over a batch and its negative gradient (arXiv 2603.26554).
struct SoftmaxGradient {
  Matrix gradient;  ///< G(W) = sum_i q_i (u_i - sum_j pi_ij u_j) v_i^T, (d, d), pi_i = softmax_j(u_j^T W v_i)
  double loss = 0;  ///< sum_i q_i (logsumexp_j s_ij - s_ii)
};

/// Streams over the competitors (never items x items numbers at once): scores and softmax in float32, the residuals
/// (1 - pi_ii) u_i - sum_{j != i} pi_ij u_j without cancellation, sums over items in float64 and in a fixed order: the
/// same bits for any number of threads and of ranks in the team's group, and on each of these. `weights` (d, d),
/// finite. Non-finite values come out where scores overflow.
SoftmaxGradient softmax_gradient(const GaussianMemory& memory, const Matrix& weights, const Batch& batch,
                                 ThreadTeam& team);

/// Its loss alone, for half the work or less; the same of ranks.
double softmax_loss(const GaussianMemory& memory, const Matrix& weights, const Batch& batch, ThreadTeam& team);

/// pi_ii, the probability of the correct output, for each of `items` (0-based); (items.size()); the same
/// of ranks.
Vector correct_probabilities(const GaussianMemory& memory, const Matrix& weights,
                             const std::vector<std::int64_t>& items, ThreadTeam& team);

}  // namespace memscale
