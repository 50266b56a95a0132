#include "memscale/analysis/cell_choice.hpp"

#include <algorithm>

#include "memscale/analysis/table.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

std::int64_t seeds_of(const Cell& cell) {
  return static_cast<std::int64_t>(cell.seeds.size());
}

/// What the cell has instead; nothing where the objection says it.
std::string found_text(Objection objection, const Cell& cell) {
  if (objection == Objection::no_capacity) return {};
  return ": " + (objection == Objection::few_seeds ? to_text(seeds_of(cell)) : fixed_text(cell.mean_capacity, 2));
}

}  // namespace

std::string text_of(Objection objection, const Trial& trial, const FitOptions& options) {
  switch (objection) {
    case Objection::none:
      break;
    case Objection::no_capacity:
      return "mean capacity 0";
    case Objection::low_capacity:
      return "mean capacity below " + to_text(options.min_capacity) + " (--min-capacity)";
    case Objection::saturated:
      return "more than half of " + to_text(trial.items) + " items recovered";
    case Objection::few_seeds:
      return "fewer seeds than " + to_text(options.min_seeds) + " (--min-seeds)";
  }
  return {};
}

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
      notes.push_back(cell_name(*family, *cell) + ": left out, " + text_of(why, cell->trial, options) +
                      found_text(why, *cell));
  }
  return usable;
}

}  // namespace memscale
