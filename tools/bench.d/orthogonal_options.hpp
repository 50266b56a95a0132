#pragma once

#include <string>

#include "subject_options.hpp"

namespace memscale::bench {

/// Which orthogonal memories to train, and for how long.
struct OrthogonalOptions : SubjectOptions {
  bool quick = false;   ///< small sizes
  int steps = 3;        ///< of each trial, at least two
  int rounds = 3;       ///< in each of which everything that is compared runs in turn
  int threads = 1;      ///< compared with one
  double budget = 0.2;  ///< seconds that a trial shorter than that is repeated for, in each round
  std::string python;   ///< program with NumPy; empty: no companions
  bool torch = true;    ///< compare with PyTorch where the program has it
};

/// Of a command line. Throws InputError; `help` is set where --help was given, and printed.
OrthogonalOptions parse_orthogonal_options(int argc, char** argv, bool& help);

}  // namespace memscale::bench
