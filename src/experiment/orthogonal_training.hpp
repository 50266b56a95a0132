#pragma once

#include <optional>

#include "checkpoint.hpp"
#include "memscale/experiment/simulation.hpp"
#include "pauses.hpp"

namespace memscale {

/// Trains an orthogonal memory, behind `checkpoint` if there is one. Nothing where it had to stop. Matrices of the
/// simulation are transposed and in the task basis, S = W^T as score_rows.hpp has them, but the optimizer's own.
std::optional<Simulation> train_orthogonal(const Trial& trial, Workspace& workspace, Cost& cost, Pauses& pauses,
                                           std::optional<Checkpoint> checkpoint);

}  // namespace memscale
