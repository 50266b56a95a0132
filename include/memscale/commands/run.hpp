#pragma once

#include "memscale/commands/command.hpp"
#include "memscale/commands/run_options.hpp"

namespace memscale {

/// Runs a job's trials that the store does not hold yet, on the ranks that an MPI launcher started, or here.
int run_job(const std::vector<std::string>& arguments);

inline constexpr Command run_verb{"run", run_usage, "run the trials of a job that the store lacks", run_job};

}  // namespace memscale
