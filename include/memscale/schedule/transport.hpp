#pragma once

#include <chrono>
#include <optional>

#include "memscale/experiment/result.hpp"

namespace memscale {

/// A worker has finished the trial that it was assigned, and is idle.
struct Finished {
  int worker = 0;
  Record record;
};

/// The way between the dispatcher and its workers 0..workers()-1, all idle at first. One thread calls it.
class Transport {
 public:
  virtual ~Transport() = default;

  virtual int workers() const = 0;
  /// Starts `trial` on an idle worker; returns at once.
  virtual void assign(int worker, const Trial& trial) = 0;
  /// Sleeps until a worker has finished, or for about `limit`: then nothing.
  virtual std::optional<Finished> wait(std::chrono::milliseconds limit) = 0;
};

}  // namespace memscale
