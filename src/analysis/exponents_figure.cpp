#include <algorithm>
#include <cmath>

#include "memscale/analysis/figure_parts.hpp"
#include "memscale/analysis/figures.hpp"
#include "memscale/analysis/table.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

/// "1.05 + 0.48/α"
std::string law_text(double c1, double c2, int decimals) {
  return (c1 < 0 ? "−" : "") + fixed_text(std::abs(c1), decimals) + (c2 < 0 ? " − " : " + ") +
         fixed_text(std::abs(c2), decimals) + "/α";
}

std::string theory_text(const PredictedLaw& law) {
  return "theory: " + (law.c1 == 0 ? std::string() : to_text(law.c1) + " + ") + to_text(law.c2) + "/α";
}

std::vector<PlotPoint> line(double c1, double c2, double to) {
  return {{0, c1}, {to, c1 + c2 * to}};
}

/// Points and law of a family; points of several families at one alpha stand a little apart.
void add_family(const FamilyFit& fit, std::size_t style, double shift, double to, PanelFigure& picture) {
  PlotCurve points{fit.label + ": C against 1/alpha", PlotLook::points, style};
  for (const Exponent& e : fit.exponents) points.points.push_back(estimate_at(1 / e.alpha + shift, e.c));
  std::string title = fit.label;
  if (fit.law) {
    const double c1 = fit.law->c1.value, c2 = fit.law->c2.value;
    picture.panels[0].curves.push_back({fit.label + ", law", PlotLook::line, style, line(c1, c2, to)});
    title += ": " + law_text(c1, c2, 2);
  }
  picture.key.push_back({title, fit.law ? PlotLook::linked : PlotLook::points, style});
  picture.panels[0].curves.push_back(std::move(points));
}

constexpr const char* caption =
    "Capacity exponent C_alpha, the slope of log(mean capacity) against log d, against 1/alpha. Bars: 95 % intervals "
    "over seeds. Lines: fitted laws c1 + c2/alpha; dashed and dotted: theory. Methods stand a little apart so that "
    "their bars can be told apart.";

}  // namespace

std::optional<ReportFigure> exponents_figure(const Aggregate& data, const ScalingFit& fit) {
  std::vector<const FamilyFit*> shown;
  std::vector<PredictedLaw> laws;
  Palette alphas;
  double to = 0;
  for (std::size_t f : drawn_families(data)) {
    const FamilyFit& family = fit.families[f];
    if (family.exponents.empty()) continue;
    shown.push_back(&family);
    for (const Exponent& e : family.exponents) alphas.add(e.alpha), to = std::max(to, 1.06 / e.alpha);
    if (family.theory && std::find(laws.begin(), laws.end(), *family.theory) == laws.end())
      laws.push_back(*family.theory);
  }
  if (alphas.size() < 2) return std::nullopt;
  PlotAxis x{"1/α"};
  x.low = 0;
  x.high = to;
  PanelFigure picture{"exponents", {x}, {{"capacity exponent C_α"}}, {{""}}, {}};
  for (std::size_t i = 0; i < laws.size(); ++i) {
    const PlotLook look = i % 2 == 0 ? PlotLook::dashed : PlotLook::dotted;
    picture.panels[0].curves.push_back({"theory", look, std::nullopt, line(laws[i].c1, laws[i].c2, to)});
    picture.key.push_back({theory_text(laws[i]), look, std::nullopt});
  }
  const double step = std::min(0.006, 0.04 / static_cast<double>(std::max<std::size_t>(shown.size(), 1)));
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const double middle = 0.5 * (static_cast<double>(shown.size()) - 1);
    add_family(*shown[i], i, step * (static_cast<double>(i) - middle), to, picture);
  }
  auto figure = draw_panels(picture);
  if (!figure) return std::nullopt;
  return ReportFigure{"Capacity", "Exponents against 1/alpha", caption + families_left_out(data), *figure};
}

}  // namespace memscale
