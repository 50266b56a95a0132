#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace memscale {

enum class AxisScale { linear, logarithmic };

/// An axis of one or more panels.
struct PlotAxis {
  std::string label;  ///< gnuplot's enhanced text: "C_α"
  AxisScale scale = AxisScale::linear;
  std::vector<double> ticks = {};                          ///< values that occur, ascending; empty: round numbers
  std::vector<std::pair<double, std::string>> named = {};  ///< ticks with a text of their own
  std::optional<double> last_number = {};                  ///< round numbers beyond it have no tick
  std::optional<double> low = {}, high = {};               ///< else by what is drawn, with a margin
};

/// The values that an axis shows.
struct AxisRange {
  double low = 1e300, high = -1e300;

  void include(double value);
  bool is_empty() const { return low > high; }
};

/// Whether the axis can show the value: finite, and positive where it is logarithmic.
bool can_show(const PlotAxis& axis, double value);

/// The range of the values drawn, widened by a margin, or as the axis has it fixed.
AxisRange range_of(const PlotAxis& axis, AxisRange drawn);

/// The lines that make it gnuplot's axis `name` ("x" or "y"), `pixels` long; without texts at its ticks where
/// `labelled` is false.
std::string axis_script(const PlotAxis& axis, const AxisRange& range, char name, double pixels, bool labelled);

}  // namespace memscale
