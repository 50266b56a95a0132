#pragma once

#include <cstddef>
#include <span>
#include <variant>
#include <vector>

#include "memscale/experiment/result.hpp"

namespace memscale {

/// Rank 0 to a worker: run this trial.
struct AssignTrial {
  Trial trial;
};

/// A worker to rank 0: the trial assigned is done.
struct TrialDone {
  Record record;
};

/// Rank 0 to a worker: the run is over; end with this status.
struct EndRun {
  int exit_status = 0;
};

using Message = std::variant<AssignTrial, TrialDone, EndRun>;

/// MPI's tag of each alternative of Message.
enum class Tag : int { assign_trial = 1, trial_done, end_run };

Tag tag_of(const Message& message);
std::vector<std::byte> encode_message(const Message& message);

/// What encode_message wrote. Throws std::runtime_error for bytes that are no message of this tag.
Message decode_message(Tag tag, std::span<const std::byte> bytes);

}  // namespace memscale
