#pragma once

#include "seeds_options.hpp"

namespace memscale::bench {

/// Replays rounds of seeds and uniform numbers of seeds on a store's results, prints a table, and writes the JSON file.
/// Throws InputError for a store that has too few seeds, and a file that cannot be printed again.
void run_seeds(const SeedsOptions& options);

}  // namespace memscale::bench
