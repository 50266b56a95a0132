#include <algorithm>
#include <cmath>

#include "memscale/analysis/figure_parts.hpp"
#include "memscale/analysis/figures.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

constexpr std::size_t most_panels = 12;

/// 1 / (mean log d of the two).
double place_of(const LocalSlope& slope) {
  return 2 / (std::log(static_cast<double>(slope.d_low)) + std::log(static_cast<double>(slope.d_high)));
}

bool has_slopes(const FamilyFit& fit) {
  for (const Exponent& e : fit.exponents)
    if (e.local.size() >= 2) return true;
  return false;
}

constexpr const char* caption =
    "Finite size: slope of log(mean capacity) between neighbouring d against 1/log d, so that infinite d lies at the "
    "left. A power law times a power of log d makes a straight line here. Bars: 95 % intervals over seeds. Open, at 0: "
    "the exponent C of a fit with a logarithmic correction, log K = a + C log d + b log log d; its bars may leave the "
    "picture. Dashed: theory.";

}  // namespace

std::optional<ReportFigure> local_slopes_figure(const Aggregate& data, const ScalingFit& fit) {
  std::vector<const FamilyFit*> shown;
  Palette alphas;
  for (std::size_t f : drawn_families(data)) {
    if (!has_slopes(fit.families[f])) continue;
    shown.push_back(&fit.families[f]);
    for (const Exponent& e : fit.families[f].exponents) alphas.add(e.alpha);
  }
  const std::size_t all = shown.size();
  shown.resize(std::min(all, most_panels));
  PlotAxis x{"1/log d"};
  double last = 0;
  bool theory = false, corrected = false;
  for (const FamilyFit* family : shown)
    for (const Exponent& e : family->exponents)
      for (const LocalSlope& slope : e.local)
        if (slope.d_low > 1) last = std::max(last, place_of(slope));
  x.low = -0.06 * last;
  x.high = 1.08 * last;
  PanelFigure picture{"local-slopes", {x}};
  for (const FamilyFit* family : shown) {
    Panel panel{family->label, {}, 0, picture.y_axes.size()};
    picture.y_axes.push_back({"local slope"});
    for (const Exponent& e : family->exponents)
      if (e.c.theory) {
        theory = true;
        panel.curves.push_back({"theory, alpha=" + to_text(e.alpha),
                                PlotLook::dashed,
                                alphas.style(e.alpha),
                                {{*x.low, *e.c.theory}, {*x.high, *e.c.theory}}});
      }
    for (std::size_t i = 0; i < family->exponents.size(); ++i) {
      const Exponent& e = family->exponents[i];
      const std::string name = family->label + " alpha=" + to_text(e.alpha);
      const double middle = 0.5 * (static_cast<double>(family->exponents.size()) - 1);
      const double shift = 0.012 * last * (static_cast<double>(i) - middle);
      PlotCurve slopes{name + ", local slope against 1/log d", PlotLook::linked, alphas.style(e.alpha)};
      for (const LocalSlope& slope : e.local)
        slopes.points.push_back(estimate_at(place_of(slope) + shift, slope.slope));
      panel.curves.push_back(std::move(slopes));
      if (!e.c.corrected) continue;
      corrected = true;
      panel.curves.push_back({name + ", with a logarithmic correction",
                              PlotLook::open_points,
                              alphas.style(e.alpha),
                              {estimate_at(shift, *e.c.corrected)},
                              true,
                              false});
    }
    picture.panels.push_back(std::move(panel));
  }
  alphas.add_to_key("α", PlotLook::linked, picture.key);
  if (corrected) picture.key.push_back({"log-corrected", PlotLook::open_points, std::nullopt});
  if (theory) picture.key.push_back({"theory", PlotLook::dashed, std::nullopt});
  auto figure = draw_panels(picture);
  if (!figure) return std::nullopt;
  return ReportFigure{"Capacity", "Local slopes",
                      caption + families_left_out(data) + left_out(shown.size(), all, "methods"), *figure};
}

}  // namespace memscale
