#include <algorithm>
#include <map>

#include "memscale/analysis/figure_parts.hpp"
#include "memscale/analysis/figures.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

constexpr std::size_t most_alphas = 6, most_methods = 8;

constexpr const char* caption =
    "Critical batch size B*, where branch and plateau of capacity meet, against dimension d. Bars: 95 % intervals over "
    "seeds. Lines: fits of B* ~ d^s; dotted: the slope of theory, alpha + 1/2 for a spectral step and 1/2 for SGD.";

void add_fit(const BatchFit& fit, std::size_t style, bool& theory, Panel& panel) {
  PlotCurve points{fit.label + ", critical batch size against d", PlotLook::points, style};
  for (const Crossover& at : fit.crossovers)
    points.points.push_back(estimate_at(static_cast<double>(at.d), at.critical));
  if (fit.critical_exponent) {
    const auto& slope = *fit.critical_exponent;
    const double from = points.points.front().x, to = points.points.back().x;
    panel.curves.push_back(
        {fit.label + ", fit", PlotLook::line, style, power_line(fit.critical_log_factor, slope.value, from, to)});
    if (slope.theory)
      panel.curves.push_back({fit.label + ", slope of theory", PlotLook::dotted, std::nullopt,
                              slope_through(points.points, *slope.theory)});
    theory = theory || slope.theory;
  }
  panel.curves.push_back(std::move(points));
}

}  // namespace

std::optional<ReportFigure> critical_batch_figure(const BatchFits& fits) {
  Palette d_values;
  std::map<double, std::vector<const BatchFit*>> by_alpha;
  std::vector<std::string> methods;
  for (const BatchFit& fit : fits.fits) {
    if (fit.crossovers.size() < 2) continue;
    if (std::find(methods.begin(), methods.end(), fit.label) == methods.end()) methods.push_back(fit.label);
    by_alpha[fit.alpha].push_back(&fit);
    for (const Crossover& at : fit.crossovers) d_values.add(static_cast<double>(at.d));
  }
  std::vector<double> alphas;
  for (const auto& [alpha, found] : by_alpha) alphas.push_back(alpha);
  PanelFigure picture{"critical-batch",
                      {dimension_axis(d_values.values())},
                      {{"critical batch size B*", AxisScale::logarithmic}},
                      {},
                      {}};
  bool theory = false;
  for (double alpha : spread(alphas, most_alphas)) {
    Panel panel{"α = " + to_text(alpha)};
    for (const BatchFit* fit : by_alpha[alpha]) {
      const auto style =
          static_cast<std::size_t>(std::find(methods.begin(), methods.end(), fit->label) - methods.begin());
      if (style < most_methods) add_fit(*fit, style, theory, panel);
    }
    picture.panels.push_back(std::move(panel));
  }
  for (std::size_t i = 0; i < std::min(methods.size(), most_methods); ++i)
    picture.key.push_back({methods[i], PlotLook::points, i});
  picture.key.push_back({"fit", PlotLook::line, std::nullopt});
  if (theory) picture.key.push_back({"slope of theory", PlotLook::dotted, std::nullopt});
  auto figure = draw_panels(picture);
  if (!figure) return std::nullopt;
  return ReportFigure{"Batch size", "Critical batch size",
                      caption + left_out(picture.panels.size(), alphas.size(), "alphas") +
                          left_out(std::min(methods.size(), most_methods), methods.size(), "methods"),
                      *figure};
}

}  // namespace memscale
