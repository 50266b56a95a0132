#include "memscale/analysis/step_cells.hpp"

#include <cmath>
#include <iterator>
#include <list>
#include <utility>

#include "memscale/analysis/cell_choice.hpp"
#include "memscale/core/text.hpp"

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

bool any_has_seeds(const StepCells& cells, const FitOptions& options) {
  for (const auto& [steps, by_d] : cells)
    for (const auto& [d, at] : by_d)
      if (static_cast<std::int64_t>(at.cell->seeds.size()) >= options.min_seeds) return true;
  return false;
}

/// "after 12 steps,", "after 3 numbers of steps, 1 to 4,"
std::string steps_text(const std::vector<std::int64_t>& steps) {
  const std::string first = to_text(steps.front());
  if (steps.size() == 1) return "after " + first + (steps.front() == 1 ? " step," : " steps,");
  return "after " + to_text(std::uint64_t{steps.size()}) + " numbers of steps, " + first + " to " +
         to_text(steps.back()) + ",";
}

/// log of the mean of values seed by seed, without its resamples. Nothing for values that are not all finite, or a mean
/// that is not positive.
std::optional<LawPoint> log_mean_point(std::int64_t d, const std::vector<double>& values) {
  double mean = 0;
  for (double value : values) mean += value / static_cast<double>(values.size());
  if (values.empty() || !std::isfinite(mean) || !(mean > 0)) return std::nullopt;
  return LawPoint{0, std::log(mean), d, static_cast<double>(values.size()), {}};
}

/// Points of one cell with the values that they are means of.
struct CellColumns {
  std::vector<LawPoint*> points;
  std::vector<std::vector<double>> values;

  void add(LawPoint& point, std::vector<double>&& of_seeds) {
    points.push_back(&point);
    values.push_back(std::move(of_seeds));
  }
};

}  // namespace

StepCells usable_cells(const StepSweep& sweep, const FitOptions& options, std::vector<std::string>& notes) {
  const bool heed_seeds = any_has_seeds(sweep.by_steps, options);
  StepCells usable;
  std::map<std::pair<std::int64_t, Objection>, std::vector<std::int64_t>> left_out;  // (d, why) -> steps
  for (const auto& [steps, by_d] : sweep.by_steps)
    for (const auto& [d, at] : by_d) {
      const Objection why =
          objection_to(at.mean_capacity(), at.cell->seeds.size(), at.cell->trial, heed_seeds, options);
      if (why == Objection::none)
        usable[steps].emplace(d, at);
      else
        left_out[{d, why}].push_back(steps);
    }
  if (sweep.by_steps.size() < 2) return usable;  // told by the fit of capacity against d
  const Trial& trial = sweep.by_steps.begin()->second.begin()->second.cell->trial;
  for (const auto& [what, steps] : left_out)
    notes.push_back(sweep.group->label + " alpha=" + to_text(sweep.alpha) + " d=" + to_text(what.first) +
                    ": left out " + steps_text(steps) + " " + text_of(what.second, trial, options));
  return usable;
}

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

bool has_several_steps(const FamilyGroup& group) {
  return group.families.size() > 1 || !group.families.front()->series.front().cells.front().trace.steps.empty();
}

std::vector<StepPoint> step_points(const StepSweep& sweep, const StepCells& usable, const SeedBootstrap& bootstrap) {
  const bool several = has_several_steps(*sweep.group);
  std::list<StepPoint> points;  // that stay where they are
  std::map<const Cell*, CellColumns> columns;
  for (const auto& [steps, by_d] : usable)
    for (const auto& [d, at] : by_d) {
      std::vector<double> losses = at.losses();
      const std::optional<LawPoint> loss = log_mean_point(d, losses);
      if (!loss && !several) continue;
      std::vector<double> capacities = at.capacities();
      const std::optional<LawPoint> capacity = log_mean_point(d, capacities);
      if (!capacity) continue;
      StepPoint& point = points.emplace_back(StepPoint{at, *capacity, loss});
      CellColumns& of_cell = columns[at.cell];
      of_cell.add(point.capacity, std::move(capacities));
      if (loss) of_cell.add(*point.loss, std::move(losses));
    }
  for (auto& [cell, of_cell] : columns) {
    std::vector<std::vector<float>> deviations = bootstrap.log_deviations(*cell, of_cell.values);
    for (std::size_t k = 0; k < deviations.size(); ++k) of_cell.points[k]->deviations = std::move(deviations[k]);
  }
  return {std::make_move_iterator(points.begin()), std::make_move_iterator(points.end())};
}

}  // namespace memscale
