#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace memscale {

/// A picture's size in pixels, 96 an inch.
struct PictureSize {
  int width, height;
};

/// The lines that every script begins with: output as SVG, or as PDF where `format` is 'pdf', to NAME.FORMAT or to
/// `result`; line types 1 to 8 in the colour-blind-safe colours of Okabe and Ito (grey in place of yellow, which is
/// too pale on paper).
std::string gnuplot_prologue(const std::string& name, PictureSize size);

/// "lt 3 pt 9": colour and point of the i-th of many. Points change with the colour and again after eight, so that
/// they tell apart without colour, too.
std::string gnuplot_style(std::size_t i);
/// The same colour and shape, as an open point.
std::string gnuplot_open_style(std::size_t i);
/// "lt 3": its colour alone.
std::string gnuplot_colour(std::size_t i);

/// "lc rgb '#80b8d8'": the colour mixed with white, of which it keeps `share`.
std::string gnuplot_tint(std::size_t i, double share);

/// Error bars of columns x, y, low, high in the colour of a style, or dark grey. Not `with yerrorbars`, which paints
/// white discs over what lies below.
std::string gnuplot_bars(std::optional<std::size_t> style);

/// The four `set Xmargin at screen` lines of a plot whose frame has these edges in pixels from the top left.
std::string gnuplot_frame(PictureSize size, double left, double top, double right, double bottom);

/// A plot command of these items.
std::string gnuplot_items(const std::vector<std::string>& items);

/// The last plot of a multiplot: nothing but a key, whose top left corner stands at (left, top) pixels and which has
/// all the room below (a key higher than its plot would be broken into columns). Items draw nothing: "1/0 with ...".
std::string gnuplot_key(PictureSize size, double left, double top, const std::vector<std::string>& items);

/// "(64, 128, 256)": the ticks of `values` (ascending, positive) that have room for a label on a logarithmic axis
/// `pixels` long from `low` to `high`; where not all have, doublings of the first are preferred.
std::string gnuplot_log_tics(const std::vector<double>& values, double low, double high, double pixels);

/// Ticks for a logarithmic axis: 1, 2, 5 in each decade, or the decades alone where there are many.
std::vector<double> decade_tics(double low, double high);

}  // namespace memscale
