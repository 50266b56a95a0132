#include <algorithm>
#include <map>
#include <tuple>

#include "memscale/analysis/figure_parts.hpp"
#include "memscale/analysis/figures.hpp"
#include "memscale/core/text.hpp"
#include "named_styles.hpp"

namespace memscale {

namespace {

constexpr std::size_t most_panels = 9, most_methods = 12;

/// What methods are compared under.
std::string setting_of(const Trial& t) {
  std::string text = t.frequencies == FrequencyKind::zipf ? "α=" + to_text(t.alpha) + " M=" + to_text(t.groups) + " "
                                                          : std::string("two groups ");
  return text + "K=" + to_text(t.d) + " noise=" + to_text(t.label_noise);
}

constexpr const char* caption =
    "Loss above its floor after T steps at eta = c log(K)/T, with label noise. Line: the fit of L(T) - L* = A T^-x; "
    "dotted, through the points' centroid: theory's slope, 2 for muon and tra-signgd, 1 - 1/alpha for gd (arXiv "
    "2602.05725).";

}  // namespace

std::optional<ReportFigure> gap_figure(const GapFits& fits) {
  std::map<std::tuple<double, std::int64_t, std::string>, Panel> by_setting;
  NamedStyles methods(most_methods);
  bool theory = false;
  for (const GapFit& fit : fits.fits) {
    const Trial& t = fit.run->trial;
    const auto style = methods.style(fit.label);
    if (!style) continue;
    const std::string setting = setting_of(t);
    Panel& panel = by_setting.try_emplace({t.alpha, t.d, setting}, Panel{setting}).first->second;
    PlotCurve points{fit.label + " " + setting + ", gap against T", PlotLook::points, style};
    for (const GapPoint& p : fit.points) points.points.push_back({static_cast<double>(p.steps), p.gap});
    if (points.points.empty()) continue;
    panel.curves.push_back(
        {fit.label + ", fit", PlotLook::line, style,
         power_line(fit.log_factor, -fit.exponent.value, points.points.front().x, points.points.back().x), false});
    if (fit.exponent.theory) {
      theory = true;
      panel.curves.push_back({fit.label + ", slope of theory", PlotLook::dotted, std::nullopt,
                              slope_through(points.points, -*fit.exponent.theory), false});
    }
    panel.curves.push_back(std::move(points));
  }
  std::vector<Panel> panels;
  for (auto& [setting, panel] : by_setting) panels.push_back(std::move(panel));
  PanelFigure picture{"gap-steps",
                      {{"steps T", AxisScale::logarithmic}},
                      {{"L(T) - L* (nats)", AxisScale::logarithmic}},
                      spread(panels, most_panels),
                      {}};
  methods.add_to_key(PlotLook::points, picture.key);
  picture.key.push_back({"fit", PlotLook::line, std::nullopt});
  if (theory) picture.key.push_back({"theory's slope", PlotLook::dotted, std::nullopt});
  auto figure = draw_panels(picture);
  if (!figure) return std::nullopt;
  return ReportFigure{"Orthogonal memories", "Loss above its floor against steps",
                      caption + left_out(picture.panels.size(), panels.size(), "panels") +
                          left_out(methods.shown(), methods.all(), "methods"),
                      *figure};
}

}  // namespace memscale
