#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "memscale/experiment/trial.hpp"

namespace memscale {

/// A job that wrote to a store.
struct JobEntry {
  std::string text;        ///< the job file
  std::string flags;       ///< of the command line that changed it: "--grid.d 64,128"
  std::string parameters;  ///< what it fixes, see job_parameters (experiment/job_parameters.hpp); empty: not known
  std::string version;     ///< memscale's
  std::int64_t physics = physics_version;
  std::string forced;  ///< differences from the jobs before it that --force accepted: "train.eta: 1 -> 2"; else empty

  bool operator==(const JobEntry&) const = default;
};

template <class T, class F>
requires std::is_same_v<std::remove_const_t<T>, JobEntry>
void for_each_field(T& job, F&& f) {
  f("text", job.text);
  f("flags", job.flags);
  f("parameters", job.parameters);
  f("version", job.version);
  f("physics", job.physics);
  f("forced", job.forced);
}

/// Where a store's results came from.
struct Provenance {
  std::vector<JobEntry> jobs;  ///< in the order in which they first wrote; the same job twice is one entry
  std::string command_line;    ///< of the last run; differs between two runs of one job

  /// The last job's text and version; empty if there is none.
  std::string job_text() const { return jobs.empty() ? std::string() : jobs.back().text; }
  std::string version() const { return jobs.empty() ? std::string() : jobs.back().version; }
};

/// What `now` would change of what the store's jobs fixed, against the one of them that is nearest to it: "train.eta:
/// 1 -> 2", "physics version: 1 -> 2". Nothing if one of them agrees with it, or there are none: more values of a key,
/// other [grid] values and other optimizers are no change. A key has changed if none of its old values is left; of one
/// that the nearest job does not name, those of all jobs that do (see changes_from_each).
std::vector<std::string> job_differences(const std::vector<JobEntry>& stored, const JobEntry& now);

/// Adds `job` at the end unless it is there already.
void add_job(std::vector<JobEntry>& jobs, const JobEntry& job);

}  // namespace memscale
