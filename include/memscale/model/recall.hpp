#pragma once

#include <cstdint>
#include <vector>

#include "memscale/model/capacity.hpp"

namespace memscale {

/// Ranks low .. high, 1 = most frequent, both included.
struct RankBin {
  std::int64_t low;
  std::int64_t high;
};

/// Logarithmic bins of rank, ten a decade where there are ranks enough, that cover 1 .. items: bin k of any number of
/// items begins at the same rank, and only the last one's end depends on it.
std::vector<RankBin> recall_bins(std::int64_t items);

/// Recovered items in each of recall_bins(items).
std::vector<std::int64_t> recall_curve(const Recovery& recovery);

}  // namespace memscale
