#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "memscale/experiment/trial.hpp"
#include "memscale/model/recall.hpp"

namespace memscale {

/// Whether the field `name` of Trace holds a number a step, where it holds any.
bool is_by_step(std::string_view name);

/// How many numbers the field `name` of Trace has for a trial that did so many steps: one a step; for gaussian trials
/// none of the four that only orthogonal memories have; of group_loss one a bin for each of group_loss_steps.
std::size_t trace_length(std::string_view name, const Trial& trial, std::int64_t steps_done);

/// The steps after which group_loss is recorded, where so many were done: 1, 2, ..., 9, then ten a decade (the first
/// ranks of recall_bins), and the last. None for no steps.
std::vector<std::int64_t> group_loss_steps(std::int64_t steps_done);

/// The bins of groups, 1 = most frequent, whose mean loss is recorded: recall_bins of an orthogonal trial's groups, so
/// that each of the first nine groups has one of its own.
std::vector<RankBin> group_bins(const Trial& trial);

}  // namespace memscale
