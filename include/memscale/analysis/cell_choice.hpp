#pragma once

#include <string>
#include <vector>

#include "memscale/analysis/aggregate.hpp"
#include "memscale/analysis/fit_options.hpp"

namespace memscale {

/// A cell and the family that it belongs to.
struct FamilyCell {
  const Family* family;
  const Cell* cell;
};

/// Whether more than half of the items are recovered: more might be if there were more, so that capacity follows no
/// law any more.
bool is_saturated(double mean_capacity, const Trial& trial);

/// The cells that a fit may rest on. Left out, with a sentence each in `notes`: fewer seeds than the options want,
/// where another of `cells` has enough; a mean capacity of 0 or below the limit; one that is_saturated.
std::vector<const Cell*> usable_cells(const std::vector<FamilyCell>& cells, const FitOptions& options,
                                      std::vector<std::string>& notes);

}  // namespace memscale
