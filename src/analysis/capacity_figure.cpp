#include <algorithm>

#include "memscale/analysis/figure_parts.hpp"
#include "memscale/analysis/figures.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

/// The exponent fitted to a series, if there is one.
const Exponent* exponent_of(const FamilyFit& fit, double alpha) {
  for (const Exponent& e : fit.exponents)
    if (e.alpha == alpha) return &e;
  return nullptr;
}

void add_series(const std::string& name, std::size_t style, const std::vector<PlotPoint>& points, const Exponent* e,
                Panel& panel) {
  if (e != nullptr) {
    const auto from = static_cast<double>(e->d_min), to = static_cast<double>(e->d_max);
    panel.curves.push_back(
        {name + ", fit", PlotLook::line, style, power_line(e->log_factor, e->c.value, from, to), false});
    if (e->c.theory)
      panel.curves.push_back(
          {name + ", slope of theory", PlotLook::dotted, std::nullopt, slope_through(points, *e->c.theory), false});
  }
  panel.curves.push_back({name + ", mean capacity against d", PlotLook::points, style, points});
}

constexpr const char* caption =
    "Mean capacity, the number of recovered items, against dimension d. Bars: one standard error over seeds. Lines: "
    "fits of capacity ~ d^C; dotted: the slope of theory through each series' centroid (theory tells powers of d, not "
    "factors or logarithms).";

}  // namespace

std::optional<ReportFigure> capacity_figure(const Aggregate& data, const ScalingFit& fit) {
  PanelFigure picture{"capacity", {}, {capacity_axis()}, {}, {}};
  Palette alphas, d_values;
  bool any_fit = false, any_theory = false;
  const std::vector<std::size_t> drawn = drawn_families(data);
  for (std::size_t f : drawn)
    for (const Series& series : data.families[f].series)
      for (const Cell& cell : series.cells)
        if (cell.mean_capacity > 0) alphas.add(series.alpha), d_values.add(static_cast<double>(cell.trial.d));
  for (std::size_t f : drawn) {
    const Family& family = data.families[f];
    picture.panels.push_back({family.label});
    for (const Series& series : family.series) {
      std::vector<PlotPoint> points;
      for (const Cell& cell : series.cells)
        if (cell.mean_capacity > 0) points.push_back(capacity_at(static_cast<double>(cell.trial.d), cell));
      if (points.empty()) continue;
      const Exponent* e = exponent_of(fit.families[f], series.alpha);
      any_fit = any_fit || e != nullptr;
      any_theory = any_theory || (e != nullptr && e->c.theory);
      add_series(series_name(family, series), alphas.style(series.alpha), points, e, picture.panels.back());
    }
  }
  picture.x_axes = {dimension_axis(d_values.values())};
  alphas.add_to_key("α", PlotLook::points, picture.key);
  if (any_fit) picture.key.push_back({"fit", PlotLook::line, std::nullopt});
  if (any_theory) picture.key.push_back({"slope of theory", PlotLook::dotted, std::nullopt});
  auto figure = draw_panels(picture);
  if (!figure) return std::nullopt;
  return ReportFigure{"Capacity", "Capacity against dimension", caption + families_left_out(data), *figure};
}

}  // namespace memscale
