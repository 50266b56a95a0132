#include "memscale/model/item_groups.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "memscale/model/frequencies.hpp"

namespace memscale {

std::int64_t ItemGroups::items() const {
  return std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0});
}

Vector ItemGroups::item_frequencies() const {
  Vector all(items());
  Eigen::Index next = 0;
  for (std::size_t g = 0; g < sizes.size(); ++g) {
    all.segment(next, sizes[g]).setConstant(p(static_cast<Eigen::Index>(g)));
    next += sizes[g];
  }
  return all;
}

ItemGroups zipf_groups(std::int64_t items, std::int64_t groups, double alpha) {
  const std::int64_t size = items / groups;
  return {std::vector(static_cast<std::size_t>(groups), size),
          zipf_frequencies(groups, alpha) / static_cast<double>(size)};
}

ItemGroups two_groups(std::int64_t items, double head_mass, double head_share) {
  const auto share = static_cast<std::int64_t>(std::llround(head_share * static_cast<double>(items)));
  const std::int64_t head = std::clamp<std::int64_t>(share, 1, items - 1), tail = items - head;
  Vector p(2);
  p << head_mass / static_cast<double>(head), (1 - head_mass) / static_cast<double>(tail);
  return {{head, tail}, p};
}

}  // namespace memscale
