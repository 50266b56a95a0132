#include <algorithm>
#include <map>
#include <set>

#include "memscale/analysis/figure_parts.hpp"
#include "memscale/analysis/figures.hpp"
#include "memscale/analysis/theory.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

constexpr std::size_t most_methods = 12, most_alphas = 9;
constexpr double limit_in_sight = 1.0 / 60;  // of d^2, from which on that is drawn

/// The families' curves at one alpha, by their place among those drawn.
struct Comparison {
  std::map<std::size_t, std::vector<PlotPoint>> curves;
  bool near_limit = false;         ///< whether d^2 is in sight
  std::set<std::size_t> spectral;  ///< those that took one spectral step, in theory
};

void add_references(double alpha, const Comparison& at, Panel& panel) {
  AxisRange d;
  const std::vector<PlotPoint>* highest = nullptr;
  for (const auto& [style, points] : at.curves)
    for (const PlotPoint& p : points) {
      d.include(p.x);
      if (at.spectral.contains(style) && (highest == nullptr || p.y > highest->back().y)) highest = &points;
    }
  if (!(d.high > d.low)) return;
  if (at.near_limit)
    panel.curves.push_back({"d^2", PlotLook::dash_dotted, std::nullopt, power_line(0, 2, d.low, d.high)});
  if (highest != nullptr)
    panel.curves.push_back({"slope of theory, 1 + 1/(2 alpha)", PlotLook::dotted, std::nullopt,
                            slope_through(*highest, 1 + 0.5 / alpha), false});
}

constexpr const char* caption =
    "Methods against each other: mean capacity against dimension d, a panel for each alpha. Bars: one standard error "
    "over seeds. Dotted, through the highest of their curves: the slope 1 + 1/(2 alpha) of one spectral step in "
    "theory; "
    "dash-dotted, where "
    "capacities reach a sixtieth of it: the information limit d^2, about as many items as W has parameters.";

}  // namespace

std::optional<ReportFigure> compare_figure(const Aggregate& data) {
  std::vector<std::size_t> drawn = drawn_families(data);
  if (drawn.size() < 2) return std::nullopt;
  const std::size_t families = drawn.size();
  drawn = spread(drawn, most_methods);
  std::map<double, Comparison> by_alpha;
  Palette d_values;
  for (std::size_t i = 0; i < drawn.size(); ++i)
    for (const Series& series : data.families[drawn[i]].series)
      for (const Cell& cell : series.cells) {
        if (!(cell.mean_capacity > 0)) continue;
        const auto d = static_cast<double>(cell.trial.d);
        d_values.add(d);
        Comparison& at = by_alpha[series.alpha];
        at.curves[i].push_back(capacity_at(d, cell));
        at.near_limit = at.near_limit || cell.mean_capacity > limit_in_sight * d * d;
        const auto law = asymptotic_law(cell.trial);
        if (law && law->c1 == 1) at.spectral.insert(i);
      }
  PanelFigure picture{"compare", {dimension_axis(d_values.values())}, {capacity_axis()}, {}, {}};
  std::vector<double> alphas;
  for (const auto& [alpha, at] : by_alpha)
    if (at.curves.size() >= 2) alphas.push_back(alpha);
  bool spectral = false, near_limit = false;
  for (double alpha : spread(alphas, most_alphas)) {
    const Comparison& at = by_alpha[alpha];
    Panel panel{"α = " + to_text(alpha)};
    add_references(alpha, at, panel);
    for (const auto& [i, points] : at.curves)
      panel.curves.push_back({data.families[drawn[i]].label, PlotLook::linked, i, points});
    spectral = spectral || !at.spectral.empty();
    near_limit = near_limit || at.near_limit;
    picture.panels.push_back(std::move(panel));
  }
  for (std::size_t i = 0; i < drawn.size(); ++i)
    picture.key.push_back({data.families[drawn[i]].label, PlotLook::linked, i});
  if (spectral) picture.key.push_back({"slope 1 + 1/(2α)", PlotLook::dotted, std::nullopt});
  if (near_limit) picture.key.push_back({"d²", PlotLook::dash_dotted, std::nullopt});
  auto figure = draw_panels(picture);
  if (!figure) return std::nullopt;
  return ReportFigure{"Capacity", "Methods compared",
                      caption + families_left_out(data) + left_out(drawn.size(), families, "methods") +
                          left_out(picture.panels.size(), alphas.size(), "alphas"),
                      *figure};
}

}  // namespace memscale
