#pragma once

#include <cstdint>
#include <string>

namespace memscale::bench {

/// What to measure of the store.
struct StoreOptions {
  std::int64_t records = 1000000;  ///< of trials of `steps` steps
  std::int64_t steps = 30;
  std::int64_t scalar_records = 1000000;  ///< of trials of one step
  double rival_seconds = 20;              ///< of each rival's writing
  std::string folder;                     ///< where a fresh folder for the stores is made
  std::string json;                       ///< file that the measurements are written to; empty: none
  std::string from;                       ///< such a file, to print and not to measure; empty: measures
  std::string python;                     ///< program with h5py; empty: no rivals
};

/// Trials of the job that a benchmark's records belong to come in so many for each seed.
inline constexpr std::int64_t trials_a_seed = 100;

/// Of a command line. Throws InputError; `help` is set where --help was given, and printed.
StoreOptions parse_store_options(int argc, char** argv, bool& help);

}  // namespace memscale::bench
