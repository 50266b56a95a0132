#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "memscale/store/record_index.hpp"

namespace memscale {

/// `count` of the entries at most, as a shuffle by `seed` of their trials' ids picks them: the same trials whatever
/// order they stand in, and whatever a store holds besides in most cases.
std::vector<IndexEntry> sample_entries(std::vector<IndexEntry> entries, std::size_t count, std::uint64_t seed);

}  // namespace memscale
