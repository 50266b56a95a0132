#include <algorithm>
#include <cmath>

#include "memscale/analysis/figures.hpp"
#include "memscale/analysis/gnuplot.hpp"
#include "memscale/analysis/gnuplot_script.hpp"
#include "memscale/analysis/table.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

/// Pixels.
constexpr double left_edge = 94, top_edge = 20, plot_width = 520, plot_height = 360, axis_height = 70, key_row = 28,
                 right_edge = 24;

/// "1.05 + 0.48/α"
std::string law_text(double c1, double c2, int decimals) {
  return fixed_text(c1, decimals) + (c2 < 0 ? " − " : " + ") + fixed_text(std::abs(c2), decimals) + "/α";
}

std::string theory_text(const PredictedLaw& law) {
  return "theory: " + (law.c1 == 0 ? std::string() : to_text(law.c1) + " + ") + to_text(law.c2) + "/α";
}

/// Families with something to show, by their place in the fit.
std::vector<std::size_t> shown_families(const ScalingFit& fit) {
  std::vector<std::size_t> shown;
  for (std::size_t f = 0; f < fit.families.size() && shown.size() < most_families_drawn; ++f)
    if (!fit.families[f].exponents.empty()) shown.push_back(f);
  return shown;
}

struct Ranges {
  double x_high = 0, y_low = 1e300, y_high = -1e300;
  void include(double y) {
    y_low = std::min(y_low, y);
    y_high = std::max(y_high, y);
  }
};

std::vector<PredictedLaw> theory_laws(const ScalingFit& fit, const std::vector<std::size_t>& shown) {
  std::vector<PredictedLaw> laws;
  for (std::size_t f : shown) {
    const auto& law = fit.families[f].theory;
    if (law && std::find(laws.begin(), laws.end(), *law) == laws.end()) laws.push_back(*law);
  }
  return laws;
}

Ranges find_ranges(const ScalingFit& fit, const std::vector<std::size_t>& shown) {
  Ranges ranges;
  for (std::size_t f : shown)
    for (const Exponent& e : fit.families[f].exponents) {
      ranges.x_high = std::max(ranges.x_high, 1.06 / e.alpha);
      ranges.include(e.c.value);
      if (e.c.has_interval()) ranges.include(e.c.low), ranges.include(e.c.high);
    }
  for (std::size_t f : shown)
    if (const auto& law = fit.families[f].law)
      for (double x : {0.0, ranges.x_high}) ranges.include(law->c1.value + law->c2.value * x);
  for (const PredictedLaw& law : theory_laws(fit, shown))
    for (double x : {0.0, ranges.x_high}) ranges.include(law.c1 + law.c2 * x);
  const double pad = std::max(0.05 * (ranges.y_high - ranges.y_low), 0.02);
  ranges.y_low -= pad;
  ranges.y_high += pad;
  return ranges;
}

std::string line_function(double c1, double c2) {
  return to_text(c1) + " + (" + to_text(c2) + ") * x";
}

/// Parts of the figure: rows of the data file, items of its plot and of its key.
struct Picture {
  std::string data;
  std::vector<std::string> curves, points, key;
};

void add_theory(const PredictedLaw& law, std::size_t i, Picture& picture) {
  const std::string look = std::string(" with lines lc rgb '#333333' lw 1.1 dt ") + (i % 2 == 0 ? "(9,5)" : "(3,3)");
  picture.curves.push_back(line_function(law.c1, law.c2) + look);
  picture.key.push_back("1/0" + look + " title " + gnuplot_quoted(theory_text(law)) + " noenhanced");
}

void add_family(const FamilyFit& family, std::size_t i, Picture& picture) {
  picture.data += (i == 0 ? "# " : "\n\n# ") + family.label + ": 1/alpha, C, low, high, alpha\n";
  for (const Exponent& e : family.exponents) {
    const bool bar = e.c.has_interval();
    for (double value : {1 / e.alpha, e.c.value, bar ? e.c.low : e.c.value, bar ? e.c.high : e.c.value, e.alpha})
      picture.data += to_text(value) + " ";
    picture.data.back() = '\n';
  }
  const std::string rows = "'exponents.dat' index " + std::to_string(i) + " using ";
  picture.points.push_back(rows + gnuplot_bars(i));
  picture.points.push_back(rows + "1:2 with points " + gnuplot_style(i) + " ps 0.8");
  std::string title = family.label, look = " with points " + gnuplot_style(i) + " ps 0.8";
  if (family.law) {
    const double c1 = family.law->c1.value, c2 = family.law->c2.value;
    picture.curves.push_back(line_function(c1, c2) + " with lines " + gnuplot_colour(i) + " lw 1.3");
    title += ": " + law_text(c1, c2, 2);
    look = " with linespoints " + gnuplot_style(i) + " ps 0.8 lw 1.3";
  }
  picture.key.push_back("1/0" + look + " title " + gnuplot_quoted(title) + " noenhanced");
}

}  // namespace

std::optional<Figure> exponents_figure(const ScalingFit& fit) {
  const std::vector<std::size_t> shown = shown_families(fit);
  if (shown.empty()) return std::nullopt;
  const Ranges ranges = find_ranges(fit, shown);
  const std::vector<PredictedLaw> theory = theory_laws(fit, shown);

  Picture picture;
  for (std::size_t i = 0; i < theory.size(); ++i) add_theory(theory[i], i, picture);
  for (std::size_t i = 0; i < shown.size(); ++i) add_family(fit.families[shown[i]], i, picture);
  picture.curves.insert(picture.curves.end(), picture.points.begin(), picture.points.end());

  const double key_top = top_edge + plot_height + axis_height;
  const PictureSize size{static_cast<int>(left_edge + plot_width + right_edge),
                         static_cast<int>(key_top + key_row * static_cast<double>(picture.key.size()) + 12)};
  std::string script = gnuplot_prologue("exponents", size);
  script += "set multiplot\nunset key\nset grid x y lc rgb '#dddddd' lw 0.7\nset samples 2\n";
  script += gnuplot_frame(size, left_edge, top_edge, left_edge + plot_width, top_edge + plot_height);
  script += "set xrange [0:" + to_text(ranges.x_high) + "]\n";
  script += "set yrange [" + to_text(ranges.y_low) + ":" + to_text(ranges.y_high) + "]\n";
  script += "set xlabel '1/α'\nset ylabel 'capacity exponent C_α'\n";
  script += gnuplot_items(picture.curves) + gnuplot_key(size, left_edge, key_top, picture.key);
  script += "unset multiplot\nset output\n";
  return Figure{"exponents", picture.data, script};
}

}  // namespace memscale
