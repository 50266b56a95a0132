#pragma once

#include <optional>

#include "checkpoint.hpp"
#include "memscale/experiment/simulation.hpp"
#include "pauses.hpp"

namespace memscale {

/// Trains a gaussian memory, behind `checkpoint` if there is one; every rank of the workspace's group calls it. Nothing
/// where it had to stop.
std::optional<Simulation> train_gaussian(const Trial& trial, Workspace& workspace, Cost& cost, Pauses& pauses,
                                         std::optional<Checkpoint> checkpoint);

}  // namespace memscale
