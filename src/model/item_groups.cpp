#include "memscale/model/item_groups.hpp"

#include <algorithm>
#include <cmath>

#include "memscale/model/frequencies.hpp"

namespace memscale {

ItemGroups zipf_groups(std::int64_t items, std::int64_t groups, double alpha) {
  const std::int64_t size = items / groups;
  return {std::vector<std::int64_t>(static_cast<std::size_t>(groups), size),
          zipf_frequencies(groups, alpha) / static_cast<double>(size)};
}

ItemGroups two_groups(std::int64_t items, double head_mass, double head_share) {
  const std::int64_t head =
      std::clamp<std::int64_t>(std::llround(head_share * static_cast<double>(items)), 1, items - 1);
  Vector p(2);
  p << head_mass / static_cast<double>(head), (1 - head_mass) / static_cast<double>(items - head);
  return {{head, items - head}, p};
}

}  // namespace memscale
