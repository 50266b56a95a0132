#pragma once

#include <cstdint>
#include <vector>

#include "memscale/linalg/matrix.hpp"

namespace memscale {

/// Items 1 .. K in groups of equal frequency, one behind the other.
struct ItemGroups {
  std::vector<std::int64_t> sizes;  ///< c_g, positive
  Vector p;                         ///< frequency of one item of each group; sum_g c_g p_g = 1

  std::int64_t items() const;
  Vector item_frequencies() const;  ///< (items)
};

/// `groups` groups of items / groups items each; the frequency of a whole group is proportional to its rank^-alpha
/// (arXiv 2602.05725, where alpha is beta). `groups` must divide `items`.
ItemGroups zipf_groups(std::int64_t items, std::int64_t groups, double alpha);

/// A head of head_share * items items, rounded, but at least 1 and not all, with frequencies that sum to head_mass, and
/// the tail (arXiv 2509.26030, b and a there). At least two items, mass and share between 0 and 1.
ItemGroups two_groups(std::int64_t items, double head_mass, double head_share);

}  // namespace memscale
