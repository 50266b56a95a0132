#pragma once

#include "memscale/experiment/result.hpp"
#include "memscale/experiment/run_trial.hpp"
#include "memscale/linalg/matrix.hpp"
#include "memscale/model/capacity.hpp"
#include "memscale/model/gaussian_memory.hpp"

namespace memscale {

/// Everything that one trial computes; memory, p, q and gradient belong to the workspace and live until its next trial.
struct Simulation {
  const GaussianMemory& memory;
  const Vector& p;         ///< item frequencies, (items)
  const Vector& q;         ///< frequencies that the step saw, (items)
  const Matrix& gradient;  ///< negative gradient at W = 0, (d, d)
  Matrix update;           ///< (d, d)
  Matrix weights;          ///< W after the step, (d, d)
  Recovery recovery;
  Result result;
};

/// Simulates a canonical trial and adds its times to `cost`. Throws what the optimizer throws, and std::bad_alloc.
Simulation simulate(const Trial& trial, Workspace& workspace, Cost& cost);

}  // namespace memscale
