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

/// Why a fit cannot rest on a cell. Saturated: more than half of its items are recovered, and more might be if there
/// were more, so that capacity follows no law any more.
enum class Objection { none, no_capacity, low_capacity, saturated, few_seeds };

/// To so many seeds of `trial` with this mean capacity; seeds are heeded where another cell of the fit has enough.
Objection objection_to(double mean_capacity, std::size_t seeds, const Trial& trial, bool heed_seeds,
                       const FitOptions& options);

/// "mean capacity below 1 (--min-capacity)", of any cell of the trial's items.
std::string text_of(Objection objection, const Trial& trial, const FitOptions& options);

/// The cells that a fit may rest on. Left out, with a sentence each in `notes`: fewer seeds than the options want,
/// where another of `cells` has enough; a mean capacity of 0 or below the limit; a saturated one.
std::vector<const Cell*> usable_cells(const std::vector<FamilyCell>& cells, const FitOptions& options,
                                      std::vector<std::string>& notes);

}  // namespace memscale
