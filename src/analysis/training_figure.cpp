#include <algorithm>
#include <cmath>

#include "memscale/analysis/family_group.hpp"
#include "memscale/analysis/figure_parts.hpp"
#include "memscale/analysis/figures.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

constexpr std::size_t most_panels = 12, most_d = 8, most_bars = 32;
constexpr double longest_linear = 40;  // steps

/// What is drawn against the step.
using Traced = std::vector<float> CellTrace::*;

std::vector<PlotPoint> trace_points(const CellTrace& trace, Traced values) {
  const std::size_t count = trace.steps.size();
  std::vector<PlotPoint> points;
  for (std::size_t k = 0; k < count; ++k) {
    std::vector<double> of_seeds;
    for (std::size_t i = k; i < (trace.*values).size(); i += count) of_seeds.push_back((trace.*values)[i]);
    PlotPoint point = mean_at(static_cast<double>(trace.steps[k]), of_seeds);
    if (count > most_bars) point.low = point.high = std::numeric_limits<double>::quiet_NaN();
    points.push_back(point);
  }
  std::erase_if(points, [](const PlotPoint& p) { return !std::isfinite(p.y); });
  return points;
}

struct TracePanel {
  const Family* family;
  const Series* series;
};

/// Of families that differ in their number of steps alone, the longest; series that have something to draw.
std::vector<TracePanel> find_panels(const Aggregate& data, Traced values) {
  std::vector<TracePanel> panels;
  for (const FamilyGroup& group : families_along(data, "steps")) {
    const Family* family = group.families.back();
    for (const Series& series : family->series)
      if (std::any_of(series.cells.begin(), series.cells.end(),
                      [&](const Cell& cell) { return trace_points(cell.trace, values).size() > 1; }))
        panels.push_back({family, &series});
  }
  return panels;
}

/// Both figures: capacity and loss.
std::optional<ReportFigure> trace_figure(const std::string& name, const Aggregate& data, Traced values,
                                         const PlotAxis& y, const std::string& title, const std::string& caption) {
  std::vector<TracePanel> panels = find_panels(data, values);
  const std::size_t all = panels.size();
  panels.resize(std::min(all, most_panels));
  double longest = 1;
  Palette every_d;
  for (const TracePanel& at : panels)
    for (const Cell& cell : at.series->cells) {
      if (cell.trace.steps.empty()) continue;
      every_d.add(static_cast<double>(cell.trial.d));
      longest = std::max(longest, static_cast<double>(cell.trace.steps.back()));
    }
  const Palette d_values = every_d.spread(most_d);
  const AxisScale scale = longest > longest_linear ? AxisScale::logarithmic : AxisScale::linear;
  PanelFigure picture{name, {{"step", scale}}, {y}, {}, {}};
  for (const TracePanel& at : panels) {
    Panel panel{at.family->label + " α=" + to_text(at.series->alpha)};
    for (const Cell& cell : at.series->cells) {
      const auto d = static_cast<double>(cell.trial.d);
      if (!d_values.contains(d)) continue;
      panel.curves.push_back({cell_name(*at.family, cell) + ", " + name + " against the step", PlotLook::linked,
                              d_values.style(d), trace_points(cell.trace, values)});
    }
    picture.panels.push_back(std::move(panel));
  }
  d_values.add_to_key("d", PlotLook::linked, picture.key);
  auto figure = draw_panels(picture);
  if (!figure) return std::nullopt;
  return ReportFigure{
      name == "loss" ? "Loss" : "Several steps", title,
      caption + left_out(panels.size(), all, "panels") + left_out(d_values.size(), every_d.size(), "dimensions"),
      *figure};
}

}  // namespace

std::optional<ReportFigure> training_figure(const Aggregate& data) {
  return trace_figure("training", data, &CellTrace::capacities, capacity_axis(), "Capacity during training",
                      "Mean capacity after each step, of the longest trials; bars, where steps are few: one standard "
                      "error over seeds. A trial that has ended counts as it ended.");
}

std::optional<ReportFigure> loss_figure(const Aggregate& data) {
  return trace_figure("loss", data, &CellTrace::losses, {"mean loss (nats)", AxisScale::logarithmic},
                      "Loss during training",
                      "Mean loss of the population after each step, where it was measured; bars, where steps are few: "
                      "one standard error over seeds.");
}

}  // namespace memscale
