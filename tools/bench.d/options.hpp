#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace memscale::bench {

/// What to measure, and for how long.
struct Options {
  std::vector<std::int64_t> d{64, 128, 256, 512, 1024};
  std::int64_t items = 100000;
  int threads = 1;        ///< compared with one
  int rounds = 3;         ///< in each of which everything that is compared runs in turn
  double budget = 0.2;    ///< seconds that a run shorter than that is repeated for, in each round
  double flops = 1e11;    ///< of a softmax or full scan, whose rows are chosen to fit
  std::int64_t rows = 0;  ///< rows of a softmax or full scan; 0: from flops, and memscale's softmax takes more
  double batch = 1e5;     ///< B of the minibatch gradient
  std::int64_t memory_d = 512, memory_items = 250000;
  double memory_seconds = 15;  ///< of the softmax step whose memory is measured; infinity: all of it
  std::set<std::string> only{"capacity", "softmax", "minibatch", "trial", "memory"};
  std::string json;    ///< file that the measurements are written to; empty: none
  std::string python;  ///< program with NumPy; empty: no companions
  bool torch = true;   ///< compare with PyTorch where the program has it
};

/// Of a command line. Throws InputError; `help` is set where --help was given, and printed.
Options parse_options(int argc, char** argv, bool& help);

}  // namespace memscale::bench
