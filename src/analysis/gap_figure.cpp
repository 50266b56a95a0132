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

Panel decay_panel(const GapDecayFit& fit, std::size_t style) {
  const OrthogonalRun& run = *fit.run;
  const double eta = learning_rate(run.trial, 1);
  Panel panel{"constant η, " + setting_of(run.trial), {}, 1};
  const std::string name = run_name(fit.label, run.trial);
  PlotCurve gap{name + ", gap against eta t", PlotLook::linked, style};
  for (std::size_t k = 0; k < run.trace.steps.size(); ++k)
    gap.points.push_back({eta * static_cast<double>(run.trace.steps[k]), run.trace.gap[k]});
  panel.curves.push_back({name + ", fit", PlotLook::line, style,
                          power_line(fit.log_factor, -fit.exponent.value, fit.from, fit.to), false});
  if (fit.exponent.theory)
    panel.curves.push_back(
        {name + ", slope of theory", PlotLook::dotted, std::nullopt,
         slope_through(power_line(fit.log_factor, -fit.exponent.value, fit.from, fit.to), -*fit.exponent.theory),
         false});
  panel.curves.insert(panel.curves.begin(), std::move(gap));
  return panel;
}

constexpr const char* caption =
    "Loss above its floor after T steps at eta = c log(K)/T, with label noise. Line: the fit of L(T) - L* = A T^-x; "
    "dotted, through the points' centroid: theory's slope, 2 for muon and tra-signgd (arXiv "
    "2602.05725). At a constant eta: that of gd against eta t, and theory's slope 1 - 1/alpha; fitted is the range "
    "that "
    "the line spans.";

}  // namespace

std::optional<ReportFigure> gap_figure(const GapFits& fits, const GapDecayFits& decays) {
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
  for (const GapDecayFit& fit : decays.fits)
    if (const auto style = methods.style(method_name(fit.run->trial))) panels.push_back(decay_panel(fit, *style));
  theory = theory || !decays.fits.empty();
  PanelFigure picture{"gap-steps",
                      {{"steps T", AxisScale::logarithmic}, {"η t", AxisScale::logarithmic}},
                      {{"L - L* (nats)", AxisScale::logarithmic}},
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
