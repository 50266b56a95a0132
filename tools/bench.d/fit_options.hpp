#pragma once

#include <cstdint>
#include <string>

#include "subject_options.hpp"

namespace memscale::bench {

/// What to measure of memscale-fit.
struct FitBenchOptions : SubjectOptions {
  std::int64_t records = 1008000;  ///< of each store, a multiple of fit_records_step
  std::int64_t rounds = 3;         ///< in each of which everything that is compared runs in turn
  std::string python;              ///< program with h5py and pandas; empty: without
};

/// What the number of trials of each shape divides.
inline constexpr std::int64_t fit_records_step = 16000;

/// Of a command line. Throws InputError; `help` is set where --help was given, and printed.
FitBenchOptions parse_fit_options(int argc, char** argv, bool& help);

}  // namespace memscale::bench
