#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "memscale/analysis/figure.hpp"
#include "memscale/analysis/plot_axis.hpp"

namespace memscale {

enum class PlotLook {
  points,       ///< filled marks, with error bars
  open_points,  ///< open ones
  cross,        ///< a marked place
  linked,       ///< filled marks on a line, with error bars
  line,
  dotted,      ///< a slope of theory
  dashed,      ///< a law or a ceiling
  dash_dotted  ///< the information limit
};

/// low and high are the ends of an error bar, NaN without one.
struct PlotPoint {
  double x, y;
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};

/// What is drawn in one look; points that an axis cannot show are passed over.
struct PlotCurve {
  std::string name;  ///< for the data file
  PlotLook look = PlotLook::points;
  std::optional<std::size_t> style = {};  ///< colour and mark, see gnuplot_style; dark grey without
  std::vector<PlotPoint> points = {};
  bool in_range = true;       ///< whether it widens its panel's axes; what they do not show is cut off
  bool bars_in_range = true;  ///< likewise its error bars
};

struct Panel {
  std::string title;                   ///< shown as it is, over several lines if it must
  std::vector<PlotCurve> curves = {};  ///< later ones lie on top
  std::size_t x = 0, y = 0;            ///< of PanelFigure::x_axes and y_axes
};

/// A place that is left empty.
bool is_blank(const Panel& panel);

struct KeyEntry {
  std::string title;
  PlotLook look = PlotLook::points;
  std::optional<std::size_t> style = {};
  bool enhanced = false;  ///< gnuplot's markup; false: shown as it is
};

/// A grid of panels, row by row. Panels of one axis share its range; texts stand at the outermost of neighbours that
/// do.
struct PanelFigure {
  std::string name;
  std::vector<PlotAxis> x_axes = {}, y_axes = {};
  std::vector<Panel> panels = {};
  std::vector<KeyEntry> key = {};
  std::size_t columns = 0;  ///< 0: by the number of panels
};

/// The script and its data. Nothing where no panel has anything to show.
std::optional<Figure> draw_panels(const PanelFigure& picture);

/// The line through (x, y) points of a law, log y = log_factor + slope log x, from one x to another, as two points.
std::vector<PlotPoint> power_line(double log_factor, double slope, double from, double to);

/// The slope of theory through the middle of points, in logarithms.
std::vector<PlotPoint> slope_through(const std::vector<PlotPoint>& points, double slope);

/// `count` of `values`, evenly spread, first and last included; all where there are fewer.
template <class T>
std::vector<T> spread(const std::vector<T>& values, std::size_t count) {
  if (values.size() <= count) return values;
  std::vector<T> kept;
  for (std::size_t k = 0; k < count; ++k) kept.push_back(values[k * (values.size() - 1) / (count - 1)]);
  return kept;
}

}  // namespace memscale
