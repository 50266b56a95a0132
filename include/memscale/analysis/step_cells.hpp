#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "memscale/analysis/family_group.hpp"
#include "memscale/analysis/fit_options.hpp"
#include "memscale/analysis/law_point.hpp"
#include "memscale/analysis/seed_bootstrap.hpp"

namespace memscale {

/// A cell's trials after some of their steps: its last, or one that its trace holds.
struct StepCell {
  const Family* family;
  const Cell* cell;
  std::int64_t steps;
  std::optional<std::size_t> traced;  ///< index in the trace; nothing: as the trials ended

  /// Recovered items and population loss, seed by seed; losses may be NaN.
  std::vector<double> capacities() const;
  std::vector<double> losses() const;
  double mean_capacity() const { return traced ? cell->trace.mean_capacity(*traced) : cell->mean_capacity; }
  /// Whether every trial took all these steps.
  bool all_took() const { return cell->fewest_steps >= steps; }
};

/// steps -> d.
using StepCells = std::map<std::int64_t, std::map<std::int64_t, StepCell>>;

/// One method at one alpha.
struct StepSweep {
  const FamilyGroup* group;
  double alpha;
  StepCells by_steps;
};

/// Of groups of families that differ in steps alone, group by group, ascending alpha: trials of T steps where there are
/// any, else what longer trials had after T steps.
std::vector<StepSweep> step_sweeps(const std::vector<FamilyGroup>& groups);

/// The cells of a sweep that a fit may rest on, see objection_to. Of several numbers of steps, what is left out is told
/// in a sentence for each d and reason.
StepCells usable_cells(const StepSweep& sweep, const FitOptions& options, std::vector<std::string>& notes);

/// Whether its cells differ in steps, or hold what was before their last.
bool has_several_steps(const FamilyGroup& group);

/// What the laws rest on: logarithms of a cell's means over seeds after some steps, with their resamples; x is left 0.
struct StepPoint {
  StepCell at;
  LawPoint capacity;
  std::optional<LawPoint> loss;  ///< of the population, where every seed measured one
};

/// Of the usable cells of a sweep, ascending steps, then d, those with a positive mean capacity, which are made once
/// for all laws. Where the group has one number of steps only cells with a loss are here: there is no other law.
std::vector<StepPoint> step_points(const StepSweep& sweep, const StepCells& usable, const SeedBootstrap& bootstrap);

}  // namespace memscale
