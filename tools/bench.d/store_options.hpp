#pragma once

#include <cstdint>
#include <string>

#include "subject_options.hpp"

namespace memscale::bench {

/// What to measure of the store.
struct StoreOptions : SubjectOptions {
  std::int64_t records = 1000000;  ///< of trials of `steps` steps
  std::int64_t steps = 30;
  std::int64_t scalar_records = 1000000;  ///< of trials of one step
  double rival_seconds = 20;              ///< of each rival's writing
  std::string python;                     ///< program with h5py; empty: no rivals
};

/// Trials of the job that a benchmark's records belong to come in so many for each seed.
inline constexpr std::int64_t trials_a_seed = 100;

/// Of a command line. Throws InputError; `help` is set where --help was given, and printed.
StoreOptions parse_store_options(int argc, char** argv, bool& help);

}  // namespace memscale::bench
