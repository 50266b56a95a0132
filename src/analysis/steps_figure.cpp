#include <algorithm>
#include <cmath>
#include <map>

#include "memscale/analysis/family_group.hpp"
#include "memscale/analysis/figure_parts.hpp"
#include "memscale/analysis/figures.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

constexpr std::size_t most_rows = 4, most_steps = 7;

/// Mean capacity after so many steps, of a trial that took as many or of a longer one on its way.
std::optional<PlotPoint> capacity_after(const Cell& cell, std::int64_t steps) {
  const auto d = static_cast<double>(cell.trial.d);
  if (cell.trial.steps == steps) return capacity_at(d, cell);
  const auto& traced = cell.trace.steps;
  const auto found = std::find(traced.begin(), traced.end(), steps);
  if (found == traced.end()) return std::nullopt;
  std::vector<double> values;
  for (auto k = static_cast<std::size_t>(found - traced.begin()); k < cell.trace.capacities.size(); k += traced.size())
    values.push_back(cell.trace.capacities[k]);
  return mean_at(d, values);
}

/// Ascending d; where several families know a cell, the one of the fewest steps counts.
std::vector<PlotPoint> capacities_after(const FamilyGroup& group, double alpha, std::int64_t steps) {
  std::map<std::int64_t, PlotPoint> by_d;
  for (const Family* family : group.families)
    for (const Series& series : family->series)
      for (const Cell& cell : series.cells) {
        if (series.alpha != alpha || cell.trial.steps < steps) continue;
        if (const auto point = capacity_after(cell, steps)) by_d.try_emplace(cell.trial.d, *point);
      }
  std::vector<PlotPoint> points;
  for (const auto& [d, point] : by_d) points.push_back(point);
  return points;
}

Panel capacity_panel(const StepsFit& fit, const FamilyGroup& group, const std::vector<StepExponent>& shown,
                     const Palette& palette) {
  Panel panel{fit.label + " α = " + to_text(fit.alpha)};
  for (const StepExponent& e : shown) {
    const auto points = capacities_after(group, fit.alpha, e.steps);
    const std::string name = fit.label + ", T=" + to_text(e.steps);
    const std::size_t style = palette.style(static_cast<double>(e.steps));
    if (e.c.theory)
      panel.curves.push_back(
          {name + ", slope of theory", PlotLook::dotted, std::nullopt, slope_through(points, *e.c.theory), false});
    panel.curves.push_back({name + ", mean capacity against d", PlotLook::linked, style, points});
  }
  return panel;
}

/// A number of steps on the axis, on which T = 0 has no place.
Panel exponent_panel(const StepsFit& fit, bool& fitted, bool& theory) {
  Panel panel{fit.label + " α = " + to_text(fit.alpha), {}, 1, 1};
  PlotCurve points{fit.label + ": C_T against T", PlotLook::points, 0};
  PlotCurve predicted{fit.label + ": theory's e_T", PlotLook::dashed, std::nullopt};
  for (const StepExponent& e : fit.exponents) {
    const auto steps = static_cast<double>(e.steps);
    points.points.push_back(estimate_at(steps, e.c));
    if (e.c.theory) predicted.points.push_back({steps, *e.c.theory});
  }
  theory = theory || !predicted.points.empty();
  panel.curves.push_back(std::move(predicted));
  if (fit.limit && fit.ratio && !points.points.empty()) {
    fitted = true;
    PlotCurve curve{fit.label + ": fit", PlotLook::line, 0, {}, false};
    constexpr int samples = 80;
    const double from = points.points.front().x, to = points.points.back().x;
    for (int i = 0; i <= samples; ++i) {
      const double steps = from * std::pow(to / from, static_cast<double>(i) / samples);
      curve.points.push_back({steps, fit.limit->value - fit.gap * std::pow(fit.ratio->value, steps)});
    }
    panel.curves.push_back(std::move(curve));
  }
  panel.curves.push_back(std::move(points));
  return panel;
}

constexpr const char* caption =
    "Left: mean capacity after T steps against dimension d; bars: one standard error over seeds; dotted: the slope of "
    "theory. Right: its exponent C_T against T; bars: 95 % intervals over seeds; line: the fitted recursion C_T = limit "
    "- gap ratio^T; dashed: theory's e_T.";

}  // namespace

std::optional<ReportFigure> steps_figure(const Aggregate& data, const StepsFits& fits) {
  Palette d_values, steps;
  std::vector<std::pair<const StepsFit*, FamilyGroup>> rows;
  for (const FamilyGroup& group : families_along(data, "steps"))
    for (const StepsFit& fit : fits.fits)
      if (fit.label == group.label && fit.exponents.size() >= 2) rows.emplace_back(&fit, group);
  const std::size_t all = rows.size();
  rows.resize(std::min(all, most_rows));
  std::vector<std::vector<StepExponent>> shown;
  double longest = 1;
  for (const auto& [fit, group] : rows) {
    shown.push_back(spread(fit->exponents, most_steps));
    for (const StepExponent& e : shown.back()) steps.add(static_cast<double>(e.steps));
    longest = std::max(longest, static_cast<double>(fit->exponents.back().steps));
    for (const Family* family : group.families)
      for (const Series& series : family->series)
        for (const Cell& cell : series.cells) d_values.add(static_cast<double>(cell.trial.d));
  }
  PlotAxis t{"steps T", longest > 12 ? AxisScale::logarithmic : AxisScale::linear};
  if (longest <= 12) t.ticks = steps.values();
  PanelFigure picture{"steps", {dimension_axis(d_values.values()), t}, {capacity_axis(), {"capacity exponent C_T"}}, {}, {}, 2};
  bool fitted = false, theory = false;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    picture.panels.push_back(capacity_panel(*rows[i].first, rows[i].second, shown[i], steps));
    picture.panels.push_back(exponent_panel(*rows[i].first, fitted, theory));
  }
  steps.add_to_key("T", PlotLook::linked, picture.key);
  if (fitted) picture.key.push_back({"fit of C_T", PlotLook::line, 0});
  if (theory) {
    picture.key.push_back({"theory's slope", PlotLook::dotted, std::nullopt});
    picture.key.push_back({"theory's e_T", PlotLook::dashed, std::nullopt, true});
  }
  auto figure = draw_panels(picture);
  if (!figure) return std::nullopt;
  return ReportFigure{"Several steps", "Capacity after several steps",
                      caption + left_out(rows.size(), all, "methods and alphas"), *figure};
}

}  // namespace memscale
