#include "memscale/analysis/gnuplot_script.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "memscale/analysis/gnuplot.hpp"
#include "memscale/analysis/table.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

constexpr std::array<const char*, 8> colours{"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                             "#E69F00", "#56B4E9", "#000000", "#999999"};
constexpr std::array<int, 5> filled_points{7, 5, 9, 13, 11};
constexpr std::array<int, 5> open_points{6, 4, 8, 12, 10};
constexpr double pixels_per_inch = 96;

/// The values whose labels do not touch, first come, first served.
std::vector<double> with_room(const std::vector<double>& values, double low, double pixels_per_log) {
  constexpr double digit = 9.5, blank = 8;  // pixels
  std::vector<double> kept;
  double free_from = -1e300;
  for (double value : values) {
    const double half = digit * static_cast<double>(to_text(value).size()) / 2;
    const double at = pixels_per_log * std::log(value / low);
    if (at - half < free_from) continue;
    kept.push_back(value);
    free_from = at + half + blank;
  }
  return kept;
}

}  // namespace

std::string gnuplot_prologue(const std::string& name, PictureSize size) {
  const std::string file = gnuplot_quoted(name + ".");
  std::string text = "# gnuplot " + name + ".gp makes " + name + ".svg; gnuplot -e \"format='pdf'\" " + name +
                     ".gp makes " + name + ".pdf\n";
  text += "if (!exists('format')) format = 'svg'\n";
  text += "if (!exists('result')) result = " + file + " . format\n";
  text += "if (format eq 'pdf') { set terminal pdfcairo size " + fixed_text(size.width / pixels_per_inch, 3) + "in," +
          fixed_text(size.height / pixels_per_inch, 3) +
          "in enhanced font 'Helvetica,11' fontscale 0.7 linewidth 1.5 pointscale 1 dashlength 1.7 } else { set "
          "terminal svg size " +
          std::to_string(size.width) + "," + std::to_string(size.height) +
          " enhanced font 'Helvetica,Arial,sans-serif,14.5' linewidth 1.3 background rgb 'white' }\n";
  text += "set encoding utf8\nset output result\n";
  for (std::size_t i = 0; i < colours.size(); ++i)
    text += "set linetype " + std::to_string(i + 1) + " lc rgb '" + colours[i] + "'\n";
  text += "set tics nomirror scale 0.7\nset border 3\n";
  return text;
}

std::string gnuplot_colour(std::size_t i) {
  return "lt " + std::to_string(i % colours.size() + 1);
}

std::string gnuplot_style(std::size_t i) {
  const bool open = i / colours.size() % 2 == 1;
  const int point = (open ? open_points : filled_points)[i % filled_points.size()];
  return gnuplot_colour(i) + " pt " + std::to_string(point);
}

std::string gnuplot_open_style(std::size_t i) {
  return gnuplot_colour(i) + " pt " + std::to_string(open_points[i % open_points.size()]);
}

std::string gnuplot_tint(std::size_t i, double share) {
  constexpr int white = 255, base = 16;
  const std::string colour = colours[i % colours.size()];
  std::array<char, 16> text{};
  std::array<int, 3> mixed{};
  for (std::size_t k = 0; k < mixed.size(); ++k) {
    const int part = std::stoi(colour.substr(1 + 2 * k, 2), nullptr, base);
    mixed[k] = static_cast<int>(std::lround(share * part + (1 - share) * white));
  }
  std::snprintf(text.data(), text.size(), "#%02x%02x%02x", mixed[0] & white, mixed[1] & white, mixed[2] & white);
  return std::string("lc rgb '") + text.data() + "'";
}

std::string gnuplot_frame(PictureSize size, double left, double top, double right, double bottom) {
  const auto line = [](const char* side, double fraction) {
    return std::string("set ") + side + "margin at screen " + fixed_text(fraction, 5) + "\n";
  };
  return line("l", left / size.width) + line("r", right / size.width) + line("t", 1 - top / size.height) +
         line("b", 1 - bottom / size.height);
}

std::string gnuplot_bars(std::optional<std::size_t> style) {
  const std::string colour = style ? gnuplot_colour(*style) : "lc rgb '#333333'";
  return "1:3:(0):($4-$3) with vectors heads size graph 0.014,90 nofilled " + colour + " lw 1";
}

std::string gnuplot_items(const std::vector<std::string>& items) {
  std::string text = "plot \\\n";
  for (std::size_t i = 0; i < items.size(); ++i) text.append(i == 0 ? "  " : ", \\\n  ").append(items[i]);
  return text + "\n";
}

std::string gnuplot_key(PictureSize size, double left, double top, const std::vector<std::string>& items) {
  return std::string("\n") + gnuplot_frame(size, left, top, size.width - 2, size.height - 2) +
         "unset border\nunset tics\nunset grid\nunset title\nunset xlabel\nunset ylabel\n"
         "set key at graph 0,1 left top Left reverse vertical maxcols 1 samplen 2.2 spacing 1.2\n" +
         gnuplot_items(items);
}

std::string gnuplot_log_tics(const std::vector<double>& values, double low, double high, double pixels) {
  const double scale = pixels / std::log(high / low);
  std::vector<double> tics = with_room(values, low, scale);
  if (tics.size() < values.size()) {
    std::vector<double> doublings;
    for (double value : values)
      if (std::exp2(std::round(std::log2(value / values.front()))) * values.front() == value)
        doublings.push_back(value);
    if (doublings.size() > 1) tics = with_room(doublings, low, scale);
  }
  std::string text;
  for (double value : tics) text.append(text.empty() ? "" : ", ").append(to_text(value));
  return text.insert(0, 1, '(') + ")";
}

std::vector<double> decade_tics(double low, double high) {
  const bool dense = std::log10(high / low) < 3;
  std::vector<double> tics;
  for (int power = static_cast<int>(std::floor(std::log10(low))); std::pow(10, power) <= high; ++power)
    for (double step : {1.0, 2.0, 5.0}) {
      const double value = step * std::pow(10, power);
      if (value >= low && value <= high && (dense || step == 1)) tics.push_back(value);
    }
  return tics;
}

}  // namespace memscale
