#include "memscale/analysis/plot_axis.hpp"

#include <algorithm>
#include <cmath>

#include "memscale/analysis/gnuplot.hpp"
#include "memscale/analysis/gnuplot_script.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

constexpr double margin = 0.05;                      // of the axis, at both ends
constexpr double log_margin = 0.22;                  // at least, in natural logarithms
constexpr double longest_plain = 1e4;                // from here on numbers are written as powers of ten
constexpr double room_across = 44, room_along = 26;  // pixels between two texts below, or beside, an axis

std::string tick(const std::string& text, double value, bool minor = false) {
  return gnuplot_quoted(text) + " " + to_text(value) + (minor ? " 1" : "");
}

std::string number_text(double value, bool powers) {
  if (!powers) return to_text(value);
  const double power = std::round(std::log10(value));
  return "10^{" + to_text(power) + "}";
}

/// Decades far enough apart for their texts, or 1, 2, 5 where there are few; between them ticks without a text.
std::vector<std::string> logarithmic_ticks(const AxisRange& range, double room, double pixels, bool labelled) {
  std::vector<double> majors = decade_tics(range.low, range.high);
  const double decades = std::log10(range.high / range.low);
  const auto fits = [&](std::size_t count) { return static_cast<double>(count) * room <= pixels; };
  const auto is_decade = [](double v) { return std::abs(std::log10(v) - std::round(std::log10(v))) < 1e-9; };
  const auto keep = [&](auto&& wanted) {
    majors.erase(std::remove_if(majors.begin(), majors.end(), wanted), majors.end());
  };
  if (!fits(majors.size()) && decades > 1) keep([&](double v) { return !is_decade(v); });
  const auto every = static_cast<long>(std::ceil(static_cast<double>(majors.size()) * room / pixels));
  if (every > 1 && decades > 1) keep([&](double v) { return std::lround(std::log10(v)) % every != 0; });
  const bool powers = range.high >= longest_plain || range.low < 1e-3;
  if (powers) keep([&](double v) { return !is_decade(v); });

  std::vector<std::string> ticks;
  for (double value : majors) ticks.push_back(tick(labelled ? number_text(value, powers) : "", value));
  constexpr double room_of_minors = 60;  // pixels of a decade
  const int digits = pixels / decades >= room_of_minors ? 9 : 1;
  for (int power = static_cast<int>(std::floor(std::log10(range.low))); std::pow(10, power) <= range.high; ++power)
    for (int digit = 1; digit <= digits; ++digit) {
      const double value = digit * std::pow(10, power);
      const bool major =
          std::any_of(majors.begin(), majors.end(), [&](double m) { return std::abs(m / value - 1) < 1e-9; });
      if (value >= range.low && value <= range.high && !major) ticks.push_back(tick("", value, true));
    }
  return ticks;
}

std::string listed(const std::vector<std::string>& ticks) {
  std::string text;
  for (const std::string& one : ticks) text.append(text.empty() ? "" : ", ").append(one);
  return "(" + text + ")";
}

/// What follows `set xtics`.
std::string ticks_script(const PlotAxis& axis, const AxisRange& range, bool across, double pixels, bool labelled) {
  std::string text;
  const bool own = !axis.ticks.empty();
  if (axis.scale == AxisScale::logarithmic && own)
    text = gnuplot_log_tics(axis.ticks, range.low, range.high, pixels);
  else if (axis.scale == AxisScale::logarithmic)
    text = listed(logarithmic_ticks({range.low, std::min(range.high, axis.last_number.value_or(range.high))},
                                    across ? room_across : room_along, pixels, labelled));
  else if (own)
    for (double value : axis.ticks) text.append(text.empty() ? "(" : ", ").append(to_text(value));
  else
    text = "autofreq";
  if (own && axis.scale == AxisScale::linear) text += ")";
  return text;
}

}  // namespace

void AxisRange::include(double value) {
  low = std::min(low, value);
  high = std::max(high, value);
}

bool can_show(const PlotAxis& axis, double value) {
  return std::isfinite(value) && (axis.scale == AxisScale::linear || value > 0);
}

AxisRange range_of(const PlotAxis& axis, AxisRange drawn) {
  if (drawn.is_empty()) drawn = {1, 1};
  if (axis.scale == AxisScale::logarithmic) {
    const double by = std::exp(std::max(margin * std::log(drawn.high / drawn.low), log_margin));
    drawn = {drawn.low / by, drawn.high * by};
  } else {
    const double least = 0.02 * std::max(std::abs(drawn.low), std::abs(drawn.high));
    const double by = std::max({margin * (drawn.high - drawn.low), drawn.high > drawn.low ? 0 : least, 1e-9});
    drawn = {drawn.low - by, drawn.high + by};
  }
  return {axis.low.value_or(drawn.low), axis.high.value_or(drawn.high)};
}

std::string axis_script(const PlotAxis& axis, const AxisRange& range, char name, double pixels, bool labelled) {
  const std::string axis_name(1, name), set = "set " + axis_name;
  std::string text =
      (axis.scale == AxisScale::logarithmic ? "set" : "unset") + std::string(" logscale ") + axis_name + "\n";
  text += set + "range [" + to_text(range.low) + ":" + to_text(range.high) + "]\n";
  text += set + "tics " + ticks_script(axis, range, name == 'x', pixels, labelled) + "\n";
  if (!axis.named.empty()) {
    std::vector<std::string> named;
    for (const auto& [value, label] : axis.named) named.push_back(tick(labelled ? label : "", value));
    text += set + "tics add " + listed(named) + "\n";
  }
  text += "set format " + axis_name + (labelled ? " '%g'\n" : " ''\n");
  return text;
}

}  // namespace memscale
