#include <algorithm>
#include <cmath>
#include <map>

#include "memscale/analysis/figure_parts.hpp"
#include "memscale/analysis/figures.hpp"
#include "memscale/analysis/step_cells.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

constexpr std::size_t most_rows = 4;

/// Mean capacities after some step, ascending d.
std::vector<PlotPoint> points_of(const std::map<std::int64_t, StepCell>& by_d) {
  std::vector<PlotPoint> points;
  for (const auto& [d, cell] : by_d) points.push_back(mean_at(static_cast<double>(d), cell.capacities()));
  return points;
}

/// The first four, and a few more up to the last, evenly spread on a logarithmic scale.
std::vector<StepExponent> shown_steps(const std::vector<StepExponent>& all) {
  constexpr std::size_t first = 4, more = 3;
  if (all.size() <= first + more) return all;
  std::vector<StepExponent> shown(all.begin(), all.begin() + first);
  const double begin = static_cast<double>(shown.back().steps), end = static_cast<double>(all.back().steps);
  for (std::size_t k = 1; k <= more; ++k) {
    const double wanted = begin * std::pow(end / begin, static_cast<double>(k) / more);
    const auto nearer = [&](const StepExponent& a, const StepExponent& b) {
      return std::abs(std::log(static_cast<double>(a.steps) / wanted)) <
             std::abs(std::log(static_cast<double>(b.steps) / wanted));
    };
    const auto nearest = std::min_element(all.begin(), all.end(), nearer);
    if (nearest->steps > shown.back().steps) shown.push_back(*nearest);
  }
  return shown;
}

/// A fit and its group's cells at its alpha.
struct StepsRow {
  const StepsFit* fit;
  std::map<std::int64_t, std::map<std::int64_t, StepCell>> cells;
  std::vector<StepExponent> shown;
};

Panel capacity_panel(const StepsRow& row, const Palette& palette) {
  const StepsFit& fit = *row.fit;
  Panel panel{fit.label + " α=" + to_text(fit.alpha)};
  for (const StepExponent& e : row.shown) {
    const auto points = points_of(row.cells.at(e.steps));
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
  Panel panel{fit.label + " α=" + to_text(fit.alpha), {}, 1, 1};
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
    "theory. Right: its exponent C_T against T; bars: 95 % intervals over seeds; line: the fitted recursion C_T = "
    "limit - gap ratio^T; dashed: theory's e_T.";

}  // namespace

std::optional<ReportFigure> steps_figure(const Aggregate& data, const StepsFits& fits) {
  Palette d_values, steps;
  std::vector<StepsRow> rows;
  double longest = 1;
  const std::vector<FamilyGroup> groups = families_along(data, "steps");
  for (const StepSweep& sweep : step_sweeps(groups))
    for (const StepsFit& fit : fits.fits)
      if (fit.label == sweep.group->label && fit.alpha == sweep.alpha && fit.exponents.size() >= 2)
        rows.push_back({&fit, sweep.by_steps, shown_steps(fit.exponents)});
  const std::size_t all = rows.size();
  rows.resize(std::min(all, most_rows));
  for (const StepsRow& row : rows) {
    longest = std::max(longest, static_cast<double>(row.fit->exponents.back().steps));
    for (const StepExponent& e : row.shown) {
      steps.add(static_cast<double>(e.steps));
      for (const auto& [d, cell] : row.cells.at(e.steps)) d_values.add(static_cast<double>(d));
    }
  }
  PlotAxis t{"steps T", longest > 12 ? AxisScale::logarithmic : AxisScale::linear};
  if (longest <= 12) t.ticks = steps.values();
  PanelFigure picture{"steps", {dimension_axis(d_values.values()), t}, {}, {}, {}, 2};
  bool fitted = false, theory = false;
  for (const StepsRow& row : rows) {
    picture.panels.push_back(capacity_panel(row, steps));
    picture.panels.push_back(exponent_panel(*row.fit, fitted, theory));
    for (std::size_t side : {1, 0})
      picture.panels[picture.panels.size() - 1 - side].y = picture.y_axes.size() + 1 - side;
    picture.y_axes.push_back(capacity_axis());
    picture.y_axes.push_back({"capacity exponent C_T"});
  }
  steps.add_to_key("T", PlotLook::linked, picture.key);
  if (fitted) picture.key.push_back({"fit of C_T", PlotLook::line, 0, true});
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
