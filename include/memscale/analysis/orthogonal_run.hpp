#pragma once

#include <cstdint>
#include <vector>

#include "memscale/experiment/result.hpp"

namespace memscale {

/// What a training of an orthogonal memory went through, after some of its steps (traced_steps); empty after one step.
struct OrthogonalTrace {
  std::vector<std::int64_t> steps;                                  ///< ascending, the last one included
  std::vector<double> loss, gap, min_probability, max_probability;  ///< after each of them; NaN where not recorded
  std::vector<std::int64_t> group_steps;                            ///< group_loss_steps
  std::vector<double> group_loss;                                   ///< bin after bin of each of group_steps
};

/// A finished trial of model = orthogonal that did not diverge.
struct OrthogonalRun {
  Trial trial;
  Result result;
  OrthogonalTrace trace;
  double end_gap = 0;  ///< mean of L - L* after the last two steps: signs alternate about the minimum, step by step

  double items() const { return static_cast<double>(trial.d); }  ///< K
  double initial_loss() const;                                   ///< log K, at W = 0
};

OrthogonalRun run_of(const Record& record);

/// A group's loss during a training.
struct GroupCurve {
  std::int64_t group = 0;  ///< 1: the first
  double p = 0;            ///< frequency of one of its items
  std::vector<double> steps, loss;
};

/// Of the groups whose loss is known by itself, which that of the first nine is.
std::vector<GroupCurve> group_curves(const OrthogonalRun& run);

}  // namespace memscale
