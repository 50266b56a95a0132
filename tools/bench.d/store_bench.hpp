#pragma once

#include "store_options.hpp"

namespace memscale::bench {

/// Measures the store at scale, prints the table and writes the measurements where they are wanted; or prints those of
/// StoreOptions::from. Throws InputError for a file that holds none.
void run_store(const StoreOptions& options);

}  // namespace memscale::bench
