#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "memscale/analysis/aggregate.hpp"

namespace memscale {

/// Families that differ in one parameter alone ("batch", "steps").
struct FamilyGroup {
  std::string label;                    ///< that of its families, without the parameter
  std::vector<const Family*> families;  ///< ascending in the parameter; at least one
};

/// All families, grouped, in the aggregate's order of the first of each group.
std::vector<FamilyGroup> families_along(const Aggregate& data, std::string_view parameter);

}  // namespace memscale
