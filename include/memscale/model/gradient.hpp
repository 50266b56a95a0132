#pragma once

#include "memscale/model/gaussian_memory.hpp"

namespace memscale {

/// The negative gradient of the loss at W = 0, G(0) = sum_i q_i (u_i - mean u) v_i^T, (d, d) in float64 (arXiv
/// 2603.26554). q (items) are the frequencies that the step sees: p for the population.
Matrix gradient_at_zero(const GaussianMemory& memory, const Vector& q);

}  // namespace memscale
