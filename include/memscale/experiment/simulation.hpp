#pragma once

#include <optional>

#include "memscale/experiment/result.hpp"
#include "memscale/experiment/run_trial.hpp"
#include "memscale/experiment/trial_control.hpp"
#include "memscale/linalg/matrix.hpp"
#include "memscale/model/batch.hpp"
#include "memscale/model/capacity.hpp"
#include "memscale/model/gaussian_memory.hpp"

namespace memscale {

/// Everything that one trial computes. memory and p belong to the workspace and live until its next trial. Of an
/// orthogonal memory the matrices are in the task basis and transposed, so that row j holds the scores of input j, and
/// where it is reduced they are a BlockSpace's coordinates.
struct Simulation {
  const GaussianMemory* memory;  ///< null for an orthogonal memory
  const Vector& p;               ///< item frequencies, (items)
  Batch batch;                   ///< what the last step saw; of a thresholded gradient, what it did not drop
  Matrix weights_before;         ///< W before the last step, (d, d)
  Matrix gradient;               ///< negative gradient of the last step, (d, d)
  Matrix update;                 ///< of the last step, (d, d)
  Matrix weights;                ///< W after the last step, (d, d)
  Recovery recovery;             ///< of `weights`
  Result result;
  Trace trace;
  std::vector<std::int64_t> recall;
};

/// Simulates a canonical trial and adds its times to `cost`. Throws what the optimizer throws, and std::bad_alloc.
Simulation simulate(const Trial& trial, Workspace& workspace, Cost& cost);

/// The same under control: begins behind the trial's checkpoint if there is one, whose cost it adds, too. Nothing where
/// it was interrupted. What is left of the last step has the same bits as without checkpoints, but that `batch` is
/// empty where one lay behind the last step, and all of it where one lay just before the step that diverged. Throws
/// TrialTimeout as well.
std::optional<Simulation> simulate(const Trial& trial, Workspace& workspace, Cost& cost, const TrialControl& control);

}  // namespace memscale
