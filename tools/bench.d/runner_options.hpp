#pragma once

#include <cstdint>
#include <string>

#include "subject_options.hpp"

namespace memscale::bench {

/// What to measure of the runner.
struct RunnerOptions : SubjectOptions {
  std::int64_t trials = 200000;       ///< empty ones, a multiple of runner_trials_a_seed
  std::int64_t rounds = 3;            ///< in each of which everything that is compared runs in turn
  std::int64_t rival_tasks = 100000;  ///< of mpi4py.futures at chunksize 100; a twentieth of them at chunksize 1
  std::int64_t processes = 200;       ///< of one trial each
  double grid_seconds = 40;           ///< that the real grid takes one rank, about
  std::string python;                 ///< program with mpi4py; empty: without
};

/// The empty trials come in so many for each seed.
inline constexpr std::int64_t runner_trials_a_seed = 100;

/// Of a command line. Throws InputError; `help` is set where --help was given, and printed.
RunnerOptions parse_runner_options(int argc, char** argv, bool& help);

}  // namespace memscale::bench
