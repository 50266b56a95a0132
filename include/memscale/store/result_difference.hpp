#pragma once

#include <string>
#include <vector>

#include "memscale/experiment/result.hpp"

namespace memscale {

/// A number or name in which two outcomes of one trial differ.
struct FieldDifference {
  std::string name;         ///< "loss", "trace capacity of step 3", "trace group_loss of entry 7", "recall of bin 5"
  std::string stored, now;  ///< "none" where one has fewer
  bool may_be_rounding;     ///< real numbers both, not counts: another processor's BLAS could round so
};

/// Every bit in which `now`'s result, trace or recall differs from `stored`'s, in order of the fields.
std::vector<FieldDifference> differences(const Record& stored, const Record& now);

}  // namespace memscale
