#pragma once

#include "memscale/core/thread_team.hpp"
#include "memscale/model/batch.hpp"
#include "memscale/model/gaussian_memory.hpp"

namespace memscale {

/// The negative gradient of the loss at W = 0, G(0) = sum_i q_i (u_i - mean u) v_i^T over the batch, (d, d) in float64
/// (arXiv 2603.26554). `output_mean` (d) is the mean over all u_j.
Matrix gradient_at_zero(const GaussianMemory& memory, const Vector& output_mean, const Batch& batch, ThreadTeam& team);

}  // namespace memscale
