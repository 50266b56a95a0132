#pragma once

#include "fit_options.hpp"

namespace memscale::bench {

/// Measures memscale-fit on stores of several shapes and pandas beside it, prints a table, and writes the JSON file.
/// Throws InputError for a file that cannot be printed again.
void run_fit(const FitBenchOptions& options);

}  // namespace memscale::bench
