#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "memscale/schedule/run_settings.hpp"
#include "memscale/schedule/transport.hpp"

namespace memscale {

/// A worker to rank 0, first of all: which process it is.
struct Hello {
  std::string host;
  std::int64_t pid = 0;
};

/// Rank 0 to a worker: a run begins.
struct StartRun {
  RunSettings settings;
};

/// Rank 0 to a worker: run these trials, with the other ranks of the assignment.
struct AssignTrials {
  std::vector<int> ranks;   ///< that share them, their leader first
  std::uint64_t epoch = 0;  ///< of these ranks' work together: no two assignments have the same
  std::vector<Trial> trials;
};

/// A worker to rank 0. Report::rank is not sent: MPI tells it.
struct ReportTrials {
  Report report;
};

/// Rank 0 to a worker: stop after the step at hand and return what is left.
struct Interrupt {};

/// Rank 0 to a worker: the run is over; end with this status.
struct EndRun {
  int exit_status = 0;
};

using Message = std::variant<Hello, StartRun, AssignTrials, ReportTrials, Interrupt, EndRun>;

/// MPI's tag of each alternative of Message, in their order.
enum class Tag : int { hello = 1, start_run, assign_trials, report_trials, interrupt, end_run };

Tag tag_of(const Message& message);
std::vector<std::byte> encode_message(const Message& message);

/// What encode_message wrote. Throws std::runtime_error for bytes that are no message of this tag.
Message decode_message(Tag tag, std::span<const std::byte> bytes);

}  // namespace memscale
