#include "memscale/model/recall.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace memscale {

std::vector<RankBin> recall_bins(std::int64_t items) {
  // 10^(k/10) rounded down, from 10 on; below, each rank is a bin
  constexpr std::array<std::int64_t, 10> tenths{100, 125, 158, 199, 251, 316, 398, 501, 630, 794};
  std::vector<std::int64_t> starts{1, 2, 3, 4, 5, 6, 7, 8, 9};
  for (std::int64_t decade = 10; decade <= items; decade *= 10)
    for (std::int64_t tenth : tenths) starts.push_back(decade * tenth / 100);
  std::vector<RankBin> bins;
  for (std::size_t k = 0; k < starts.size() && starts[k] <= items; ++k) {
    const std::int64_t end = k + 1 < starts.size() ? starts[k + 1] - 1 : items;
    bins.push_back({starts[k], std::min(end, items)});
  }
  return bins;
}

std::vector<std::int64_t> recall_curve(const Recovery& recovery) {
  std::vector<std::int64_t> counts;
  for (const RankBin& bin : recall_bins(static_cast<std::int64_t>(recovery.recovered.size())))
    counts.push_back(std::accumulate(recovery.recovered.begin() + bin.low - 1, recovery.recovered.begin() + bin.high,
                                     std::int64_t{0}));
  return counts;
}

}  // namespace memscale
