#include "memscale/analysis/cell_choice.hpp"

#include <algorithm>

#include "memscale/analysis/table.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

std::int64_t seeds_of(const Cell& cell) {
  return static_cast<std::int64_t>(cell.seeds.size());
}

/// Why a fit cannot rest on the cell; empty where it can.
std::string objection(const Cell& cell, bool needs_seeds, const FitOptions& options) {
  if (!(cell.mean_capacity > 0)) return "mean capacity 0";
  if (cell.mean_capacity < options.min_capacity)
    return "mean capacity " + fixed_text(cell.mean_capacity, 2) + " is below " + to_text(options.min_capacity) +
           " (--min-capacity)";
  if (is_saturated(cell.mean_capacity, cell.trial))
    return fixed_text(cell.mean_capacity, 1) + " of " + to_text(cell.trial.items) + " items recovered, more than half";
  if (needs_seeds && seeds_of(cell) < options.min_seeds)
    return "fewer seeds (" + to_text(seeds_of(cell)) + ") than " + to_text(options.min_seeds) + " (--min-seeds)";
  return {};
}

}  // namespace

bool is_saturated(double mean_capacity, const Trial& trial) {
  return mean_capacity > 0.5 * static_cast<double>(trial.items);
}

std::vector<const Cell*> usable_cells(const std::vector<FamilyCell>& cells, const FitOptions& options,
                                      std::vector<std::string>& notes) {
  const bool any_has_seeds =
      std::any_of(cells.begin(), cells.end(), [&](FamilyCell at) { return seeds_of(*at.cell) >= options.min_seeds; });
  std::vector<const Cell*> usable;
  for (const auto& [family, cell] : cells) {
    const std::string why = objection(*cell, any_has_seeds, options);
    if (why.empty())
      usable.push_back(cell);
    else
      notes.push_back(cell_name(*family, *cell) + ": left out, " + why);
  }
  return usable;
}

}  // namespace memscale
