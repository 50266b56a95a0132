#include "memscale/analysis/step_cells.hpp"

#include <cmath>

namespace memscale {

namespace {

/// A column of a trace's matrix, seed by seed.
std::vector<double> column(const std::vector<float>& values, std::size_t columns, std::size_t k) {
  std::vector<double> found;
  for (std::size_t i = k; i < values.size(); i += columns) found.push_back(values[i]);
  return found;
}

/// By alpha.
std::map<double, StepCells> step_cells(const FamilyGroup& group) {
  std::map<double, StepCells> cells;
  for (const Family* family : group.families)
    for (const Series& series : family->series)
      for (const Cell& cell : series.cells)
        cells[series.alpha][cell.trial.steps][cell.trial.d] = {family, &cell, cell.trial.steps, std::nullopt};
  // Longest last, so that it gives what no trial ended with.
  for (auto family = group.families.rbegin(); family != group.families.rend(); ++family)
    for (const Series& series : (*family)->series)
      for (const Cell& cell : series.cells)
        for (std::size_t k = 0; k < cell.trace.steps.size(); ++k) {
          const std::int64_t steps = cell.trace.steps[k];
          if (steps == cell.trial.steps) continue;
          cells[series.alpha][steps].try_emplace(cell.trial.d, StepCell{*family, &cell, steps, k});
        }
  return cells;
}

}  // namespace

std::vector<double> StepCell::capacities() const {
  return traced ? column(cell->trace.capacities, cell->trace.steps.size(), *traced) : cell->capacities;
}

std::vector<double> StepCell::losses() const {
  return traced ? column(cell->trace.losses, cell->trace.steps.size(), *traced) : cell->losses;
}

std::vector<StepSweep> step_sweeps(const std::vector<FamilyGroup>& groups) {
  std::vector<StepSweep> sweeps;
  for (const FamilyGroup& group : groups)
    for (auto& [alpha, by_steps] : step_cells(group)) sweeps.push_back({&group, alpha, by_steps});
  return sweeps;
}

std::optional<LawPoint> log_mean_point(const Cell& cell, const std::vector<double>& values,
                                       const SeedBootstrap& bootstrap) {
  double mean = 0;
  for (double value : values) mean += value / static_cast<double>(values.size());
  if (values.empty() || !std::isfinite(mean) || !(mean > 0)) return std::nullopt;
  return LawPoint{0, std::log(mean), cell.trial.d, static_cast<double>(values.size()),
                  bootstrap.log_deviations(cell, values)};
}

}  // namespace memscale
