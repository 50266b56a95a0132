#include <algorithm>
#include <cmath>

#include "memscale/analysis/figure_parts.hpp"
#include "memscale/analysis/figures.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

constexpr std::size_t most_families = 12, most_columns = 4;

bool is_measured(const Family& family) {
  for (const Series& series : family.series)
    for (const Cell& cell : series.cells)
      if (std::isfinite(cell.update.effective_rank) || std::isfinite(cell.weights.effective_rank)) return true;
  return false;
}

using Quantity = double (*)(const MeanSpectrum&, double d);

double effective_share(const MeanSpectrum& s, double d) {
  return s.effective_rank / d;
}

double condition(const MeanSpectrum& s, double /*d*/) {
  return s.smallest / s.largest;
}

/// As few rows as most_columns allow, equally long.
std::size_t columns_of(std::size_t families) {
  if (families == 0) return 1;
  const std::size_t rows = (families + most_columns - 1) / most_columns;
  return (families + rows - 1) / rows;
}

Panel panel_of(const Family& family, Quantity quantity, const Palette& alphas, std::size_t y) {
  Panel panel{family.label, {}, 0, y};
  for (const Series& series : family.series) {
    const std::string name = series_name(family, series) + " against d";
    PlotCurve update{"update, " + name, PlotLook::linked, alphas.style(series.alpha)};
    PlotCurve weights{"weights, " + name, PlotLook::open_points, alphas.style(series.alpha)};
    for (const Cell& cell : series.cells) {
      const auto d = static_cast<double>(cell.trial.d);
      update.points.push_back({d, quantity(cell.update, d)});
      // After one step the weights are a multiple of the update.
      if (cell.trial.steps > 1) weights.points.push_back({d, quantity(cell.weights, d)});
    }
    panel.curves.push_back(std::move(update));
    panel.curves.push_back(std::move(weights));
  }
  return panel;
}

constexpr const char* caption =
    "Singular values s of the last update (filled) and, after several steps, of the weights (open), means over seeds, "
    "against dimension d. Upper rows: effective rank exp(-sum q log q) with q = s^2 / sum s^2, over d, which is 1 "
    "where "
    "all are equal. Lower rows: smallest over largest singular value.";

}  // namespace

std::optional<ReportFigure> spectra_figure(const Aggregate& data) {
  std::vector<const Family*> families;
  Palette alphas, d_values;
  for (std::size_t f : drawn_families(data))
    if (is_measured(data.families[f])) families.push_back(&data.families[f]);
  const std::size_t all = families.size();
  families.resize(std::min(all, most_families));
  bool several_steps = false;
  for (const Family* family : families) {
    several_steps = several_steps || family->trial.steps > 1;
    for (const Series& series : family->series) {
      alphas.add(series.alpha);
      for (const Cell& cell : series.cells) d_values.add(static_cast<double>(cell.trial.d));
    }
  }
  const PlotAxis rank{"effective rank / d", AxisScale::logarithmic};
  PanelFigure picture{
      "spectra", {dimension_axis(d_values.values())}, {rank, {"smallest / largest", AxisScale::logarithmic}}, {},
      {},        columns_of(families.size())};
  for (std::size_t from = 0; from < families.size(); from += picture.columns) {
    const std::size_t to = std::min(from + picture.columns, families.size());
    for (std::size_t f = from; f < to; ++f)
      picture.panels.push_back(panel_of(*families[f], effective_share, alphas, 0));
    for (std::size_t f = to; f < from + picture.columns; ++f) picture.panels.push_back({});
    for (std::size_t f = from; f < to; ++f) picture.panels.push_back(panel_of(*families[f], condition, alphas, 1));
  }
  alphas.add_to_key("α", PlotLook::linked, picture.key);
  if (several_steps) {
    picture.key.push_back({"update", PlotLook::linked, std::nullopt});
    picture.key.push_back({"weights", PlotLook::open_points, std::nullopt});
  }
  auto figure = draw_panels(picture);
  if (!figure) return std::nullopt;
  return ReportFigure{"Spectra", "Singular values",
                      caption + families_left_out(data) + left_out(families.size(), all, "methods"), *figure};
}

}  // namespace memscale
