#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "memscale/experiment/ci_targets.hpp"
#include "memscale/experiment/job_settings.hpp"

namespace memscale {

/// What a failed trial does to its run.
enum class OnError { go_on, abort };

/// How a job's trials are to be run, and how many more: keys of [run], which change no result.
struct RunPolicy {
  OnError on_error = OnError::go_on;
  std::optional<std::size_t> max_fails;                            ///< failed trials that end the run
  int retry = 0;                                                   ///< further tries of a failed trial within the run
  double trial_timeout = std::numeric_limits<double>::infinity();  ///< seconds
  int ranks_per_trial = 1;                                         ///< 0: auto
  std::optional<double> walltime;                                  ///< seconds from the start of the run
  bool walltime_of_slurm = false;                                  ///< until the end of the SLURM job instead
  double grace = 60;                ///< seconds before the end of the time that are kept for ending in order
  double checkpoint_seconds = 600;  ///< between two checkpoints of a trial
  int quarantine = 3;               ///< deaths of its rank after which a trial is not run any more; 0: never
  CiTargets target_ci;              ///< rounds add seeds where intervals are wider
  std::int64_t max_seeds = 64;      ///< of a cell, beyond which rounds add none
};

/// Sets what one key of [run] ("walltime") has in `text`. Throws InputError naming the key.
void set_policy(RunPolicy& policy, std::string_view key, std::string_view text);

/// The [run] keys of a job. Throws InputError.
RunPolicy run_policy(const JobSettings& settings);

}  // namespace memscale
