#include <algorithm>

#include "memscale/analysis/figure_parts.hpp"
#include "memscale/analysis/figures.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

constexpr std::size_t most_panels = 12;

constexpr const char* caption =
    "Mean loss of the population against mean capacity, over all d and steps. Line: the fit of L ~ K^s; dotted, "
    "through the points' centroid: theory's slope: 1 - alpha for infinitely many items, of N that of K^(1-alpha) - "
    "N^(1-alpha).";

}  // namespace

std::optional<ReportFigure> loss_items_figure(const LossFits& fits) {
  const std::size_t shown = std::min(fits.items.size(), most_panels);
  Palette d_values;
  for (std::size_t i = 0; i < shown; ++i)
    for (const LossPoint& p : fits.items[i].points) d_values.add(static_cast<double>(p.d));
  PanelFigure picture{"loss-items",
                      {{"mean capacity K (items)", AxisScale::logarithmic}},
                      {{"mean loss (nats)", AxisScale::logarithmic}},
                      {},
                      {}};
  bool theory = false;
  for (std::size_t i = 0; i < shown; ++i) {
    const LossItemsFit& fit = fits.items[i];
    Panel panel{fit.label + " α=" + to_text(fit.alpha)};
    std::vector<PlotPoint> all;
    for (const LossPoint& p : fit.points) all.push_back({p.capacity, p.loss});
    std::sort(all.begin(), all.end(), [](const PlotPoint& a, const PlotPoint& b) { return a.x < b.x; });
    if (!all.empty())
      panel.curves.push_back({fit.label + ", fit", PlotLook::line, std::nullopt,
                              power_line(fit.log_factor, fit.slope.value, all.front().x, all.back().x), false});
    if (fit.slope.theory) {
      theory = true;
      panel.curves.push_back({fit.label + ", slope of theory", PlotLook::dotted, std::nullopt,
                              slope_through(all, *fit.slope.theory), false});
    }
    for (double d : d_values.values()) {
      PlotCurve points{fit.label + " d=" + to_text(d) + ", loss against capacity", PlotLook::points, d_values.style(d)};
      for (const LossPoint& p : fit.points)
        if (static_cast<double>(p.d) == d) points.points.push_back({p.capacity, p.loss});
      panel.curves.push_back(std::move(points));
    }
    picture.panels.push_back(std::move(panel));
  }
  d_values.add_to_key("d", PlotLook::points, picture.key);
  picture.key.push_back({"fit", PlotLook::line, std::nullopt});
  if (theory) picture.key.push_back({"theory's slope", PlotLook::dotted, std::nullopt});
  auto figure = draw_panels(picture);
  if (!figure) return std::nullopt;
  return ReportFigure{"Loss", "Loss against recovered items", caption + left_out(shown, fits.items.size(), "panels"),
                      *figure};
}

}  // namespace memscale
