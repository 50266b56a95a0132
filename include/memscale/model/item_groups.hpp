#pragma once

#include <cstdint>
#include <vector>

#include "memscale/linalg/matrix.hpp"

namespace memscale {

/// Items in groups of equal frequency, the most frequent first.
struct ItemGroups {
  std::vector<std::int64_t> sizes;
  Vector p;  ///< frequency of one item of each group
};

/// Groups of items / groups items each, whose frequencies are i^-alpha, i = 1 .. groups, over their sum.
ItemGroups zipf_groups(std::int64_t items, std::int64_t groups, double alpha);

/// A head of head_share of the items, at least one and not all of them, with head_mass of the frequency; the tail has
/// the rest. The head comes first, be it the rarer one.
ItemGroups two_groups(std::int64_t items, double head_mass, double head_share);

}  // namespace memscale
