#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace memscale::bench {

/// What to simulate of the scheduler.
struct ScheduleOptions {
  std::int64_t trials = 100000;  ///< at least so many: whole seeds of jobs/fig2.cfg
  std::vector<int> ranks{16, 64, 256, 1024, 4096, 16384, 65536};
  std::vector<std::string> job_flags;  ///< that make jobs/fig2.cfg smaller
  double batch_seconds = 1;            ///< see SchedulerOptions
  double spread = 0;                   ///< standard deviation of log seconds; 0: as measured
  std::string costs;                   ///< file of an earlier run, whose trials' costs are taken; empty: measures them
  std::string folder;                  ///< where a fresh folder for a store is made
  std::string json;                    ///< file that the measurements are written to; empty: none
  std::string from;                    ///< such a file, to print and not to measure; empty: measures
};

/// Of a command line. Throws InputError; `help` is set where --help was given, and printed.
ScheduleOptions parse_schedule_options(int argc, char** argv, bool& help);

}  // namespace memscale::bench
