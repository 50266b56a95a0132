#include <algorithm>
#include <cmath>
#include <map>

#include "memscale/analysis/figure_parts.hpp"
#include "memscale/analysis/figures.hpp"
#include "memscale/core/text.hpp"
#include "named_styles.hpp"

namespace memscale {

namespace {

constexpr std::size_t most_panels = 4, most_methods = 12;  // of each kind

enum Axis : std::size_t { items_axis, eps_axis };

/// gd's closed form along eps, or nothing for other methods.
PlotCurve closed_form(const RhoPoint& point, std::size_t style) {
  PlotCurve curve{point.label + ", closed form", PlotLook::dashed, style, {}, false};
  if (point.run->trial.optimizer != OptimizerKind::gd) return curve;  // ngd has the same
  constexpr int samples = 60;
  for (int i = 0; i <= samples; ++i) {
    const double from = rho_epsilons.back(), to = rho_epsilons.front();
    const double eps = from * std::pow(to / from, static_cast<double>(i) / samples);
    curve.points.push_back({eps, gd_rho(eps, frequency_ratio(*point.run), point.run->items())});
  }
  return curve;
}

PlotCurve bound() {
  PlotCurve curve{"1 - eps", PlotLook::dotted, std::nullopt, {}, false};
  constexpr int samples = 60;
  for (int i = 0; i <= samples; ++i) {
    const double eps =
        rho_epsilons.back() * std::pow(rho_epsilons.front() / rho_epsilons.back(), static_cast<double>(i) / samples);
    curve.points.push_back({eps, 1 - eps});
  }
  return curve;
}

std::vector<Panel> panels_over_items(const RhoFits& fits, NamedStyles& methods) {
  std::map<double, Panel, std::greater<>> by_eps;
  for (const RhoFit& fit : fits.fits) {
    const auto style = methods.style(fit.label);
    if (!style) continue;
    Panel& panel = by_eps.try_emplace(fit.eps, Panel{"eps = " + to_text(fit.eps), {}, items_axis}).first->second;
    PlotCurve points{fit.label + " eps=" + to_text(fit.eps) + ", rho against K", PlotLook::linked, style};
    for (const RhoValue& value : fit.points) points.points.push_back({value.items, value.rho});
    if (fit.exponent.theory)
      panel.curves.push_back({fit.label + ", slope of theory", PlotLook::dashed, style,
                              slope_through(points.points, *fit.exponent.theory), false});
    panel.curves.push_back(std::move(points));
  }
  std::vector<Panel> panels;
  for (auto& [eps, panel] : by_eps) panels.push_back(std::move(panel));
  return panels;
}

std::vector<Panel> panels_over_eps(const RhoFits& fits, NamedStyles& methods) {
  std::map<std::int64_t, Panel> by_items;
  for (const RhoPoint& point : fits.points) {
    const auto style = methods.style(point.label);
    if (!style) continue;
    const std::int64_t items = point.run->trial.d;
    Panel& panel = by_items.try_emplace(items, Panel{"K = " + to_text(items), {bound()}, eps_axis}).first->second;
    PlotCurve points{point.label + " K=" + to_text(items) + ", rho against eps", PlotLook::linked, style};
    for (std::size_t e = 0; e < rho_epsilons.size(); ++e)
      points.points.push_back(estimate_at(rho_epsilons[e], point.rho[e]));
    panel.curves.push_back(closed_form(point, *style));
    panel.curves.push_back(std::move(points));
  }
  std::vector<Panel> panels;
  for (auto& [items, panel] : by_items) panels.push_back(std::move(panel));
  return panels;
}

constexpr const char* caption =
    "rho, the smallest probability of a correct output where the largest is 1 - eps, after one step with two groups of "
    "items: against K, dashed theory's slopes; and against eps, dashed gd's closed form, dotted 1 - eps, below which "
    "muon stays by O(log K / K) alone (arXiv 2509.26030).";

}  // namespace

std::optional<ReportFigure> rho_figure(const RhoFits& fits) {
  NamedStyles methods(most_methods);
  const std::vector<Panel> over_items = panels_over_items(fits, methods), over_eps = panels_over_eps(fits, methods);
  PanelFigure picture{"rho",
                      {{"items K", AxisScale::logarithmic}, {"eps", AxisScale::logarithmic}},
                      {{"rho", AxisScale::logarithmic}},
                      spread(over_items, most_panels),
                      {}};
  const std::vector<Panel> shown = spread(over_eps, most_panels);
  if (!picture.panels.empty()) {
    picture.columns = most_panels;
    picture.panels.resize(most_panels);  // the others begin a row
  }
  picture.panels.insert(picture.panels.end(), shown.begin(), shown.end());
  methods.add_to_key(PlotLook::linked, picture.key);
  picture.key.push_back({"theory", PlotLook::dashed, std::nullopt});
  picture.key.push_back({"1 - eps", PlotLook::dotted, std::nullopt});
  auto figure = draw_panels(picture);
  if (!figure) return std::nullopt;
  return ReportFigure{
      "Orthogonal memories", "Smallest and largest probability after one step",
      caption + left_out(shown.size(), over_eps.size(), "K") + left_out(methods.shown(), methods.all(), "methods"),
      *figure};
}

}  // namespace memscale
