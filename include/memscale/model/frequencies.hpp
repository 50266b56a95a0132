#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "memscale/core/enum_names.hpp"
#include "memscale/linalg/matrix.hpp"

namespace memscale {

/// zipf: of the items, or of groups of items; two-groups: a head and a tail (arXiv 2509.26030).
enum class FrequencyKind { zipf, two_groups };

template <>
struct EnumNames<FrequencyKind> {
  static constexpr std::array<std::string_view, 2> names{"zipf", "two-groups"};
};

/// Zipf frequencies p_i = i^-alpha / sum_k k^-alpha, i = 1 .. items; (items) in float64, descending, sum 1.
Vector zipf_frequencies(std::int64_t items, double alpha);

}  // namespace memscale
