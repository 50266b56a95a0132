#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace memscale {

/// Keeps what a trial of several steps needs to go on later. Called from the thread that runs the trial.
class Checkpoints {
 public:
  virtual ~Checkpoints() = default;
  /// What was saved for the trial last; nothing if there is none, or it is damaged.
  virtual std::optional<std::vector<std::byte>> load(std::uint64_t trial_id) = 0;
  /// Replaces what was saved before. Throws std::system_error; what was saved before, or this, can then be loaded.
  virtual void save(std::uint64_t trial_id, std::span<const std::byte> bytes) = 0;
};

/// How a trial at work is steered from outside.
struct TrialControl {
  /// Seconds of wall time that the whole trial may take, its earlier pieces included; then it fails.
  double timeout = std::numeric_limits<double>::infinity();
  /// Asked between the steps of a trial that has several; true: stop, to go on another time. May be empty.
  std::function<bool()> interrupted;
  /// None: an interrupted trial starts over next time.
  Checkpoints* checkpoints = nullptr;
  /// Seconds between two checkpoints of a trial that goes on, at least.
  double checkpoint_seconds = 600;
};

}  // namespace memscale
