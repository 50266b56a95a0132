#include <algorithm>
#include <cmath>

#include "memscale/analysis/figure_parts.hpp"
#include "memscale/analysis/figures.hpp"
#include "memscale/core/text.hpp"
#include "memscale/model/recall.hpp"

namespace memscale {

namespace {

constexpr std::size_t most_panels = 12, most_alphas = 3, most_d = 8;

/// At the geometric middle of each bin.
std::vector<PlotPoint> recall_points(const Cell& cell) {
  const std::vector<RankBin> bins = recall_bins(cell.trial.items);
  std::vector<PlotPoint> points;
  for (std::size_t k = 0; k < std::min(bins.size(), cell.recall.size()); ++k)
    points.push_back({std::sqrt(static_cast<double>(bins[k].low) * static_cast<double>(bins[k].high)), cell.recall[k]});
  return points;
}

/// The largest rank at which a cell recovers more than by chance.
double last_recovered(const Aggregate& data, const std::vector<std::size_t>& families) {
  constexpr double noticeable = 0.02;
  double last = 10;
  for (std::size_t f : families)
    for (const Series& series : data.families[f].series)
      for (const Cell& cell : series.cells)
        for (const PlotPoint& p : recall_points(cell))
          if (p.y > noticeable) last = std::max(last, p.x);
  return last;
}

constexpr const char* caption =
    "Share of the items that is recovered against their frequency rank (1 = most frequent), in bins of a tenth of a "
    "decade, mean over seeds. Capacity is the area below, on a linear axis of ranks; far ranks of which next to none "
    "is recovered are not shown.";

}  // namespace

std::optional<ReportFigure> recall_figure(const Aggregate& data) {
  const std::vector<std::size_t> families = drawn_families(data);
  Palette every_alpha, every_d;
  for (std::size_t f : families)
    for (const Series& series : data.families[f].series)
      for (const Cell& cell : series.cells)
        if (!cell.recall.empty()) every_alpha.add(series.alpha), every_d.add(static_cast<double>(cell.trial.d));
  const Palette alphas = every_alpha.spread(most_alphas), d_values = every_d.spread(most_d);

  PlotAxis x{"frequency rank", AxisScale::logarithmic}, y{"share recovered"};
  y.low = -0.03;
  y.high = 1.03;
  x.high = 3 * last_recovered(data, families);
  PanelFigure picture{"recall", {x}, {y}, {}, {}, alphas.size()};
  std::size_t all = 0;
  for (std::size_t f : families)
    for (const Series& series : data.families[f].series) {
      if (std::none_of(series.cells.begin(), series.cells.end(), [](const Cell& c) { return !c.recall.empty(); }))
        continue;
      ++all;
      if (!alphas.contains(series.alpha) || picture.panels.size() == most_panels) continue;
      Panel panel{data.families[f].label + " α=" + to_text(series.alpha)};
      for (const Cell& cell : series.cells) {
        const auto d = static_cast<double>(cell.trial.d);
        if (!d_values.contains(d)) continue;
        panel.curves.push_back({cell_name(data.families[f], cell) + ", share recovered against rank", PlotLook::linked,
                                d_values.style(d), recall_points(cell)});
      }
      picture.panels.push_back(std::move(panel));
    }
  if (alphas.size() < 2) picture.columns = 0;
  if (alphas.size() == 2 && picture.panels.size() > 4) picture.columns = 4;  // two families in a row
  d_values.add_to_key("d", PlotLook::linked, picture.key);
  auto figure = draw_panels(picture);
  if (!figure) return std::nullopt;
  return ReportFigure{"Recall", "Recall against frequency",
                      caption + families_left_out(data) + left_out(picture.panels.size(), all, "panels") +
                          left_out(d_values.size(), every_d.size(), "dimensions"),
                      *figure};
}

}  // namespace memscale
