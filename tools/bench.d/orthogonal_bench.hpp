#pragma once

#include "orthogonal_options.hpp"

namespace memscale::bench {

/// Measures the steps of orthogonal memories, reduced, dense, and in NumPy and PyTorch, prints tables, and writes the
/// JSON file. Throws InputError for a file that cannot be printed again.
void run_orthogonal(const OrthogonalOptions& options);

}  // namespace memscale::bench
