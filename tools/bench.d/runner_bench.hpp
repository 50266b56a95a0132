#pragma once

#include "runner_options.hpp"

namespace memscale::bench {

/// Measures what the runner adds to trials beside mpi4py.futures and processes of their own, prints a table, and writes
/// the JSON file. Throws InputError for a file that cannot be printed again.
void run_runner(const RunnerOptions& options);

}  // namespace memscale::bench
