#pragma once

#include "options.hpp"

namespace memscale::bench {

/// Measures memscale's kernels, prints the tables and writes the measurements where they are wanted.
void run_kernels(const Options& options);

}  // namespace memscale::bench
