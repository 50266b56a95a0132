#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "memscale/experiment/result.hpp"

namespace memscale {

/// Sums up a job: how its trials ended, and where the workers' time of this run went.
class RunTally {
 public:
  /// A result of an earlier run.
  void add_stored(TrialStatus status) { ++count(status); }
  /// A result of this run.
  void add_run(const Record& record);

  std::size_t count(TrialStatus status) const { return counts_[static_cast<std::size_t>(status)]; }
  std::size_t failed() const { return count(TrialStatus::failed); }
  /// Why the first of this run's failed trials failed, with its identity; empty if none has.
  const std::string& first_failure() const { return first_failure_; }

  /// One line: "12 trials: 12 ok, 0 diverged, 0 failed; 12 run in 3.20 s; of 6.10 s of work embeddings 9.1%, gradient
  /// 30.2%, update 20.4%, capacity 38.0%, blas 71.5%". Blas runs inside the other phases.
  std::string summary(double wall_seconds) const;

 private:
  void add_phases(const Cost& cost);
  std::size_t& count(TrialStatus status) { return counts_[static_cast<std::size_t>(status)]; }
  std::array<std::size_t, EnumNames<TrialStatus>::names.size()> counts_{};
  std::size_t run_ = 0;
  double seconds_ = 0;
  std::vector<std::pair<std::string, double>> phases_;  ///< name, seconds
  std::string first_failure_;
};

}  // namespace memscale
