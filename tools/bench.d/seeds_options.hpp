#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "memscale/experiment/ci_targets.hpp"
#include "subject_options.hpp"

namespace memscale::bench {

/// Which rounds of seeds to replay.
struct SeedsOptions : SubjectOptions {
  std::string store;                 ///< that has the results; empty: one is made of jobs/fig2-laptop.cfg
  std::vector<std::string> targets;  ///< as run.target-ci has them, each for a replay of its own
  std::int64_t seeds = 4;            ///< that the grid begins with
  std::int64_t max_seeds = 0;        ///< 0: all that the store has
};

/// Of a command line, which may begin with a store. Throws InputError; `help` is set where --help was given, and
/// printed.
SeedsOptions parse_seeds_options(int argc, char** argv, bool& help);

}  // namespace memscale::bench
