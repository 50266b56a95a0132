#include "memscale/commands/run_clock.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <limits>

#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

/// When the SLURM job that this process belongs to will be killed, seconds since 1970.
double slurm_end() {
  const char* const text = std::getenv("SLURM_JOB_END_TIME");
  if (!text)
    throw invalid("walltime", "slurm",
                  "must be used in a SLURM job whose SLURM_JOB_END_TIME is set; give the time itself, as 2-00:00:00");
  return parse_double("SLURM_JOB_END_TIME", text, "must be a time in seconds since 1970");
}

}  // namespace

double time_of_day() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

RunClock::RunClock(const RunPolicy& policy) : grace_(policy.grace) {
  if (policy.walltime_of_slurm) end_ = slurm_end();
  if (policy.walltime) end_ = time_of_day() + *policy.walltime;
  if (policy.walltime && *policy.walltime <= grace_)
    throw invalid("grace", to_text(grace_) + "s", "must be below the walltime, " + to_text(*policy.walltime) + "s");
  if (end_)
    steady_end_ = std::chrono::steady_clock::now() + std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                                                         std::chrono::duration<double>(*end_ - time_of_day()));
}

double RunClock::seconds_to_end() const {
  return end_ ? std::chrono::duration<double>(steady_end_ - std::chrono::steady_clock::now()).count()
              : std::numeric_limits<double>::infinity();
}

double RunClock::time_left() const {
  return seconds_to_end() - grace_;
}

bool RunClock::is_over() const {
  constexpr double moment = 5;  // seconds: to sync and to say so
  return seconds_to_end() < std::min(moment, grace_ / 4);
}

}  // namespace memscale
