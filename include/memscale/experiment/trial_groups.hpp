#pragma once

#include "memscale/experiment/trial.hpp"
#include "memscale/model/item_groups.hpp"

namespace memscale {

/// The item groups of a canonical orthogonal trial.
ItemGroups groups_of(const Trial& trial);

}  // namespace memscale
