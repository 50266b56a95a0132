#include "memscale/analysis/cell_choice.hpp"

#include <algorithm>

#include "memscale/analysis/table.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

std::int64_t seeds_of(const Cell& cell) {
  return static_cast<std::int64_t>(cell.seeds.size());
}

std::string text_of(Objection objection, const Cell& cell, const FitOptions& options) {
  switch (objection) {
    case Objection::none:
      break;
    case Objection::no_capacity:
      return "mean capacity 0";
    case Objection::low_capacity:
      return "mean capacity " + fixed_text(cell.mean_capacity, 2) + " is below " + to_text(options.min_capacity) +
             " (--min-capacity)";
    case Objection::saturated:
      return fixed_text(cell.mean_capacity, 1) + " of " + to_text(cell.trial.items) +
             " items recovered, more than half";
    case Objection::few_seeds:
      return "fewer seeds (" + to_text(seeds_of(cell)) + ") than " + to_text(options.min_seeds) + " (--min-seeds)";
  }
  return {};
}

}  // namespace

Objection objection_to(double mean_capacity, std::size_t seeds, const Trial& trial, bool heed_seeds,
                       const FitOptions& options) {
  if (!(mean_capacity > 0)) return Objection::no_capacity;
  if (mean_capacity < options.min_capacity) return Objection::low_capacity;
  if (mean_capacity > 0.5 * static_cast<double>(trial.items)) return Objection::saturated;
  const bool few = static_cast<std::int64_t>(seeds) < options.min_seeds;
  return heed_seeds && few ? Objection::few_seeds : Objection::none;
}

std::vector<const Cell*> usable_cells(const std::vector<FamilyCell>& cells, const FitOptions& options,
                                      std::vector<std::string>& notes) {
  const bool any_has_seeds =
      std::any_of(cells.begin(), cells.end(), [&](FamilyCell at) { return seeds_of(*at.cell) >= options.min_seeds; });
  std::vector<const Cell*> usable;
  for (const auto& [family, cell] : cells) {
    const Objection why = objection_to(cell->mean_capacity, cell->seeds.size(), cell->trial, any_has_seeds, options);
    if (why == Objection::none)
      usable.push_back(cell);
    else
      notes.push_back(cell_name(*family, *cell) + ": left out, " + text_of(why, *cell, options));
  }
  return usable;
}

}  // namespace memscale
