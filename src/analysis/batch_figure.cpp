#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "memscale/analysis/family_group.hpp"
#include "memscale/analysis/figure_parts.hpp"
#include "memscale/analysis/figures.hpp"
#include "memscale/analysis/theory.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

constexpr std::size_t fewest_batches = 3, most_panels = 12, most_d = 8;

using CellsByD = std::map<double, std::vector<const Cell*>>;

/// The cells of one method and alpha, ascending batch.
struct BatchPanel {
  std::string label;
  double alpha;
  CellsByD cells;
  const BatchFit* fit = nullptr;
};

const BatchFit* fit_of(const BatchFits& fits, const std::string& label, double alpha) {
  for (const BatchFit& fit : fits.fits)
    if (fit.label == label && fit.alpha == alpha) return &fit;
  return nullptr;
}

std::vector<BatchPanel> find_panels(const Aggregate& data, const BatchFits& fits) {
  std::vector<BatchPanel> panels;
  for (const FamilyGroup& group : families_along(data, "batch")) {
    if (group.families.size() < fewest_batches) continue;
    std::map<double, CellsByD> by_alpha;
    for (const Family* family : group.families)
      for (const Series& series : family->series)
        for (const Cell& cell : series.cells)
          by_alpha[series.alpha][static_cast<double>(cell.trial.d)].push_back(&cell);
    for (const auto& [alpha, cells] : by_alpha)
      panels.push_back({group.label, alpha, cells, fit_of(fits, group.label, alpha)});
  }
  return panels;
}

/// Whether a crossover was fitted without the point.
bool is_left_out(const Crossover* crossover, double batch) {
  if (crossover == nullptr) return false;
  return std::none_of(crossover->points.begin(), crossover->points.end(),
                      [&](const BatchPoint& p) { return p.batch == batch && p.fitted; });
}

const Crossover* crossover_of(const BatchPanel& at, double d) {
  if (at.fit == nullptr) return nullptr;
  for (const Crossover& crossover : at.fit->crossovers)
    if (static_cast<double>(crossover.d) == d) return &crossover;
  return nullptr;
}

/// Of the population gradient at the largest d, by theory.
std::optional<double> plateau_exponent(const BatchPanel& at) {
  Trial trial = at.cells.begin()->second.front()->trial;
  trial.batch = std::numeric_limits<double>::infinity();
  return predicted_exponent(trial);
}

std::vector<PlotPoint> sampled(const Crossover& crossover, double from, double to) {
  constexpr int samples = 60;
  std::vector<PlotPoint> line;
  for (int i = 0; i <= samples; ++i) {
    const double batch = from * std::pow(to / from, static_cast<double>(i) / samples);
    line.push_back({batch, crossover(batch)});
  }
  return line;
}

/// The range of finite batch sizes, and where B = inf is drawn.
struct BatchAxis {
  double low = 1e300, high = 1;
  bool has_infinite = false;
  double infinite() const { return high * std::max(std::pow(high / low, 0.09), 3.0); }
  double place(double batch) const { return std::isinf(batch) ? infinite() : batch; }
  double end() const { return has_infinite ? infinite() : high; }
};

/// min{d^C, B^(1/alpha)} with factors of 1, and d^2.
void add_theory(const BatchPanel& at, const BatchAxis& axis, const Palette& d_values, Panel& panel) {
  const auto exponent = plateau_exponent(at);
  if (!exponent) return;
  double corner = axis.low;
  for (const auto& [d, cells] : at.cells) {
    const double ceiling = std::pow(d, *exponent);
    const double from = std::clamp(std::pow(ceiling, at.alpha), axis.low, axis.high);
    corner = std::max(corner, from);
    panel.curves.push_back({"ceiling of theory, d=" + to_text(d),
                            PlotLook::dashed,
                            d_values.style(d),
                            {{from, ceiling}, {axis.end(), ceiling}}});
    panel.curves.push_back({"d^2, d=" + to_text(d),
                            PlotLook::dash_dotted,
                            d_values.style(d),
                            {{axis.low, d * d}, {axis.end(), d * d}},
                            false});
  }
  panel.curves.push_back(
      {"B^(1/alpha)", PlotLook::dotted, std::nullopt, power_line(0, 1 / at.alpha, axis.low, corner), false});
}

void add_cells(const BatchPanel& at, double d, const BatchAxis& axis, std::size_t style, Panel& panel) {
  const Crossover* crossover = crossover_of(at, d);
  const std::string name = at.label + " alpha=" + to_text(at.alpha) + " d=" + to_text(d);
  PlotCurve fitted{name + ", mean capacity against B", PlotLook::points, style};
  PlotCurve left_out{name + ", left out of the fit", PlotLook::open_points, style};
  for (const Cell* cell : at.cells.at(d)) {
    const double batch = cell->trial.batch;
    (is_left_out(crossover, batch) ? left_out : fitted).points.push_back(capacity_at(axis.place(batch), *cell));
  }
  if (crossover != nullptr) {
    panel.curves.push_back({name + ", fit", PlotLook::line, style, sampled(*crossover, axis.low, axis.high), false});
    const double critical = crossover->critical.value;
    panel.curves.push_back(
        {name + ", critical batch size", PlotLook::cross, style, {{critical, crossover->plateau.value}}});
  }
  panel.curves.push_back(std::move(fitted));
  panel.curves.push_back(std::move(left_out));
}

constexpr const char* caption =
    "Mean capacity of trials with a batch of B associations against B. Bars: one standard error over seeds; open: "
    "points that the fit leaves out; crosses: the fitted critical batch size B*, at the height of the plateau. Lines: "
    "fitted crossovers. Theory, with factors of 1: dotted the branch B^(1/alpha), dashed for each d its ceiling, and, "
    "where it is in sight, over the whole width the information limit d^2. At the right edge B = inf, the population "
    "gradient.";

}  // namespace

std::optional<ReportFigure> batch_figure(const Aggregate& data, const BatchFits& fits) {
  std::vector<BatchPanel> panels = find_panels(data, fits);
  const std::size_t all = panels.size();
  panels.resize(std::min(all, most_panels));
  BatchAxis axis;
  Palette every_d;
  for (const BatchPanel& at : panels)
    for (const auto& [d, cells] : at.cells) {
      every_d.add(d);
      for (const Cell* cell : cells) {
        const double batch = cell->trial.batch;
        if (std::isinf(batch))
          axis.has_infinite = true;
        else
          axis.low = std::min(axis.low, batch), axis.high = std::max(axis.high, batch);
      }
    }
  const Palette d_values = every_d.spread(most_d);
  PlotAxis x{"batch size B", AxisScale::logarithmic};
  if (axis.has_infinite) x.named = {{axis.infinite(), "inf"}}, x.last_number = axis.high;
  PanelFigure picture{"batch", {x}, {}, {}, {}};
  bool theory = false, fitted = false, open = false;
  for (BatchPanel& at : panels) {
    std::erase_if(at.cells, [&](const auto& entry) { return !d_values.contains(entry.first); });
    if (at.cells.empty()) continue;
    Panel panel{at.label + " α=" + to_text(at.alpha), {}, 0, picture.y_axes.size()};
    theory = theory || plateau_exponent(at);
    fitted = fitted || at.fit != nullptr;
    add_theory(at, axis, d_values, panel);
    for (const auto& [d, cells] : at.cells) add_cells(at, d, axis, d_values.style(d), panel);
    open = open || std::any_of(panel.curves.begin(), panel.curves.end(), [](const PlotCurve& curve) {
             return curve.look == PlotLook::open_points && !curve.points.empty();
           });
    picture.y_axes.push_back(capacity_axis());
    picture.panels.push_back(std::move(panel));
  }
  d_values.add_to_key("d", PlotLook::points, picture.key);
  if (fitted) {
    picture.key.push_back({"fit", PlotLook::line, std::nullopt});
    picture.key.push_back({"B*, fitted", PlotLook::cross, std::nullopt});
  }
  if (open) picture.key.push_back({"not fitted", PlotLook::open_points, std::nullopt});
  if (theory) {
    picture.key.push_back({"B^{1/α}", PlotLook::dotted, std::nullopt, true});
    picture.key.push_back({"theory's ceiling", PlotLook::dashed, std::nullopt});
    picture.key.push_back({"d²", PlotLook::dash_dotted, std::nullopt});
  }
  auto figure = draw_panels(picture);
  if (!figure) return std::nullopt;
  return ReportFigure{"Batch size", "Capacity against batch size",
                      caption + left_out(picture.panels.size(), all, "panels") +
                          left_out(d_values.size(), every_d.size(), "dimensions"),
                      *figure};
}

}  // namespace memscale
