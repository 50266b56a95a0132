#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "memscale/experiment/result.hpp"
#include "memscale/schedule/assignment.hpp"
#include "memscale/schedule/run_settings.hpp"

namespace memscale {

/// What a rank reports of its assignment.
struct Report {
  int rank = 0;
  std::vector<Record> records;  ///< finished since its last report; of a trial that ranks share its leader reports
  std::vector<Trial> returned;  ///< not run, or to be continued, because the run was interrupted
  bool idle = false;            ///< that was all
};

/// The way between the dispatcher and ranks 0..ranks()-1, all idle at first. One thread calls it.
class Transport {
 public:
  virtual ~Transport() = default;

  virtual int ranks() const = 0;
  /// Once, before the first assignment.
  virtual void start_run(const RunSettings& settings) = 0;
  /// Hands the trials to idle ranks; returns at once.
  virtual void assign(const Assignment& assignment) = 0;
  /// Asks the ranks at work to stop after the step at hand and to return what they have not run.
  virtual void interrupt() = 0;
  /// Sleeps until a rank reports, or for about `limit`: then nothing.
  virtual std::optional<Report> wait(std::chrono::milliseconds limit) = 0;
  /// Ranks whose process is gone, as far as this one can see: those of its own host. None of what dies with it.
  virtual std::vector<int> dead_ranks() const { return {}; }
};

}  // namespace memscale
