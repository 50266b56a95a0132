#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "memscale/experiment/trial.hpp"

namespace memscale::bench {

/// A sweep that memscale-fit is measured on.
struct FitShape {
  std::string key;       ///< "seeds"
  std::string name;      ///< "1000 cells, many seeds"
  std::int64_t cells;    ///< differing in more than the seed
  std::int64_t steps;    ///< of each trial
  std::string job_text;  ///< of all trials
};

/// Of so many trials each, a multiple of fit_records_step.
std::vector<FitShape> fit_shapes(std::int64_t records);

/// Mean capacity that is planted: of one step min{B^(1/alpha), d^(1 + 1/(2 alpha))} for muon, d^(1/(2 alpha)) for gd,
/// with factors; after T of several steps d^C_T, with C_T = limit - gap 0.7^T.
double planted_capacity(const Trial& trial, std::int64_t step);

}  // namespace memscale::bench
