#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "subject_options.hpp"

namespace memscale::bench {

/// What to simulate of the scheduler.
struct ScheduleOptions : SubjectOptions {
  std::int64_t trials = 100000;  ///< at least so many: whole seeds of jobs/fig2.cfg
  std::vector<int> ranks{16, 64, 256, 1024, 4096, 16384, 65536};
  std::vector<std::string> job_flags;  ///< that make jobs/fig2.cfg smaller
  double batch_seconds = 1;            ///< see SchedulerOptions
  double spread = 0;                   ///< standard deviation of log seconds; 0: as measured
  std::string costs;                   ///< file of an earlier run, whose trials' costs are taken; empty: measures them
};

/// Of a command line. Throws InputError; `help` is set where --help was given, and printed.
ScheduleOptions parse_schedule_options(int argc, char** argv, bool& help);

}  // namespace memscale::bench
