#include "memscale/analysis/panel_figure.hpp"

#include <algorithm>
#include <cmath>

#include "memscale/analysis/gnuplot.hpp"
#include "memscale/analysis/gnuplot_script.hpp"
#include "memscale/analysis/panel_layout.hpp"
#include "memscale/analysis/table.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

constexpr const char* grey = "lc rgb '#333333'";

/// Blocks of a data file, addressed by number.
class Blocks {
 public:
  std::size_t add(const std::string& title, const std::string& rows) {
    std::string comment = title;
    std::replace_if(
        comment.begin(), comment.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    text_ += (count_ == 0 ? "" : "\n\n") + std::string("# ").append(comment) + "\n" + rows;
    return count_++;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::size_t count_ = 0;
};

struct PanelAxes {
  const PlotAxis& x;
  const PlotAxis& y;
};

PanelAxes axes_of(const PanelFigure& picture, const Panel& panel) {
  return {picture.x_axes.at(panel.x), picture.y_axes.at(panel.y)};
}

bool has_bar(const PlotPoint& point) {
  return std::isfinite(point.low) && std::isfinite(point.high);
}

bool has_marks(PlotLook look) {
  return look == PlotLook::points || look == PlotLook::open_points || look == PlotLook::linked;
}

/// `with` and what follows, of the look without its error bars.
std::string look_text(PlotLook look, std::optional<std::size_t> style, std::size_t points = 1) {
  const std::string colour = style ? gnuplot_colour(*style) : grey;
  constexpr std::size_t most_marks = 24;
  switch (look) {
    case PlotLook::points:
      return "with points " + (style ? gnuplot_style(*style) : std::string(grey) + " pt 7") + " ps 0.6";
    case PlotLook::open_points:
      return "with points " + (style ? gnuplot_open_style(*style) : std::string(grey) + " pt 6") + " ps 0.7";
    case PlotLook::cross:
      return "with points " + colour + " pt 2 ps 1.3 lw 2";
    case PlotLook::linked:
      return "with linespoints " + (style ? gnuplot_style(*style) : std::string(grey) + " pt 7") +
             " ps 0.6 lw 1.2 pi " + std::to_string(1 + points / most_marks);
    case PlotLook::line:
      return "with lines " + colour + " lw 1.3";
    case PlotLook::dotted:
      return "with lines " + colour + " lw 1.3 dt (2,4)";
    case PlotLook::dash_dotted:
      return "with lines " + colour + " lw 1 dt (12,4,2,4)";
    case PlotLook::dashed:
      return "with lines " + colour + " lw 1.2 dt (9,5)";
  }
  return {};
}

std::string row(std::initializer_list<double> values) {
  std::string text;
  for (double value : values) text.append(text.empty() ? "" : " ").append(to_text(value));
  return text + "\n";
}

/// x, y, and both ends of the error bar, which on a logarithmic axis may not reach 0.
std::string rows_of(const PlotCurve& curve, const PanelAxes& axes, const AxisRange& y, std::size_t& shown) {
  std::string rows;
  const double lowest = axes.y.scale == AxisScale::logarithmic ? y.low / 10 : -1e300;
  for (const PlotPoint& p : curve.points) {
    if (!can_show(axes.x, p.x) || !can_show(axes.y, p.y)) continue;
    const bool bar = has_bar(p);
    rows += has_marks(curve.look) ? row({p.x, p.y, bar ? std::max(p.low, lowest) : p.y, bar ? p.high : p.y})
                                  : row({p.x, p.y});
    ++shown;
  }
  return rows;
}

std::vector<std::string> panel_items(const PanelFigure& picture, const Panel& panel, const AxisRange& y,
                                     Blocks& blocks) {
  std::vector<std::string> items;
  const PanelAxes axes = axes_of(picture, panel);
  for (const PlotCurve& curve : panel.curves) {
    std::size_t shown = 0;
    const std::string rows = rows_of(curve, axes, y, shown);
    if (rows.empty()) continue;
    const bool marks = has_marks(curve.look);
    const std::size_t block = blocks.add(curve.name + (marks ? ": x, y, low, high" : ": x, y"), rows);
    const std::string from = "'" + picture.name + ".dat' index " + std::to_string(block) + " using ";
    if (marks && std::any_of(curve.points.begin(), curve.points.end(), has_bar))
      items.push_back(from + gnuplot_bars(curve.style) + " notitle");
    items.push_back(from + "1:2 " + look_text(curve.look, curve.style, shown) + " notitle");
  }
  if (items.empty()) items.push_back("1/0 notitle");
  return items;
}

struct Ranges {
  std::vector<AxisRange> x, y;
};

Ranges find_ranges(const PanelFigure& picture, bool& anything) {
  Ranges ranges{std::vector<AxisRange>(picture.x_axes.size()), std::vector<AxisRange>(picture.y_axes.size())};
  for (const Panel& panel : picture.panels) {
    const PanelAxes axes = axes_of(picture, panel);
    for (const PlotCurve& curve : panel.curves)
      for (const PlotPoint& p : curve.points) {
        if (!curve.in_range || !can_show(axes.x, p.x) || !can_show(axes.y, p.y)) continue;
        anything = true;
        ranges.x[panel.x].include(p.x);
        for (double y : {p.y, curve.bars_in_range ? p.low : p.y, curve.bars_in_range ? p.high : p.y})
          if (can_show(axes.y, y) && (axes.y.scale == AxisScale::linear || y > p.y / 3)) ranges.y[panel.y].include(y);
      }
  }
  for (std::size_t i = 0; i < ranges.x.size(); ++i) ranges.x[i] = range_of(picture.x_axes[i], ranges.x[i]);
  for (std::size_t i = 0; i < ranges.y.size(); ++i) ranges.y[i] = range_of(picture.y_axes[i], ranges.y[i]);
  return ranges;
}

/// At a fixed distance from the axis: gnuplot's own y label moves with the markup at the ticks.
std::string y_label_script(const PictureSize& size, const std::string& label, double axis, double middle) {
  constexpr double distance = 66;  // pixels
  return "set label 1 " + gnuplot_quoted(label) + " at screen " + fixed_text((axis - distance) / size.width, 5) +
         ", screen " + fixed_text(1 - middle / size.height, 5) + " center rotate by 90\n";
}

std::string panel_script(const PanelFigure& picture, const PanelLayout& layout, std::size_t i, const Ranges& ranges) {
  const Panel& panel = picture.panels[i];
  const PanelAxes axes = axes_of(picture, panel);
  const double left = layout.left(i), top = layout.top(i);
  std::string script = "\n" + gnuplot_frame(layout.size(), left, top, left + layout.width(), top + layout.height());
  script += "set title " + gnuplot_quoted(layout.wrapped(panel.title)) + " noenhanced offset 0,-0.4\n";
  script += axis_script(axes.x, ranges.x[panel.x], 'x', layout.width(), true);
  script += axis_script(axes.y, ranges.y[panel.y], 'y', layout.height(), layout.shows_y(i));
  script += layout.shows_x(i) ? "set xlabel " + gnuplot_quoted(axes.x.label) + "\n" : "unset xlabel\n";
  const bool labelled = layout.shows_y(i) && layout.labels_y(i);
  return script +
         (labelled ? y_label_script(layout.size(), axes.y.label, left, top + layout.height() / 2) : "unset label\n");
}

std::vector<std::string> key_items(const std::vector<KeyEntry>& key) {
  std::vector<std::string> items;
  for (const KeyEntry& entry : key)
    items.push_back("1/0 " + look_text(entry.look, entry.style) + " title " + gnuplot_quoted(entry.title) +
                    (entry.enhanced ? "" : " noenhanced"));
  return items;
}

std::string key_script(const PanelFigure& picture, const PanelLayout& layout) {
  const std::vector<std::string> items = key_items(picture.key);
  const std::size_t columns = layout.key_columns(), rows = (items.size() + columns - 1) / columns;
  std::string script;
  for (std::size_t from = 0, column = 0; from < items.size(); from += rows, ++column) {
    const double left = layout.key_left() + static_cast<double>(column) * layout.key_width();
    const auto first = items.begin() + static_cast<std::ptrdiff_t>(from);
    const auto last = items.begin() + static_cast<std::ptrdiff_t>(std::min(from + rows, items.size()));
    script += gnuplot_key(layout.size(), left, layout.key_top(), {first, last});
  }
  return script;
}

}  // namespace

std::optional<Figure> draw_panels(const PanelFigure& picture) {
  bool anything = false;
  const Ranges ranges = find_ranges(picture, anything);
  if (!anything) return std::nullopt;
  const PanelLayout layout(picture);
  Blocks blocks;
  std::string script = gnuplot_prologue(picture.name, layout.size());
  script += "set multiplot\nunset key\nset grid x y lc rgb '#dddddd' lw 0.7\n";
  for (std::size_t i = 0; i < picture.panels.size(); ++i) {
    if (is_blank(picture.panels[i])) continue;
    const auto items = panel_items(picture, picture.panels[i], ranges.y[picture.panels[i].y], blocks);
    script += panel_script(picture, layout, i, ranges) + gnuplot_items(items);
  }
  script += "unset label\n" + key_script(picture, layout);
  return Figure{picture.name, blocks.text(), script + "unset multiplot\nset output\n"};
}

bool is_blank(const Panel& panel) {
  return panel.title.empty() && panel.curves.empty();
}

std::vector<PlotPoint> power_line(double log_factor, double slope, double from, double to) {
  std::vector<PlotPoint> line;
  for (double x : {from, to}) line.push_back({x, std::exp(log_factor + slope * std::log(x))});
  return line;
}

std::vector<PlotPoint> slope_through(const std::vector<PlotPoint>& points, double slope) {
  double x = 0, y = 0, n = 0;
  AxisRange range;
  for (const PlotPoint& p : points) {
    if (!(p.x > 0) || !(p.y > 0) || !std::isfinite(p.x + p.y)) continue;
    x += std::log(p.x);
    y += std::log(p.y);
    n += 1;
    range.include(p.x);
  }
  if (n == 0) return {};
  return power_line((y - slope * x) / n, slope, range.low, range.high);
}

}  // namespace memscale
