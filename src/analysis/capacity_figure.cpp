#include <algorithm>
#include <cmath>
#include <set>

#include "memscale/analysis/figures.hpp"
#include "memscale/analysis/gnuplot.hpp"
#include "memscale/analysis/gnuplot_script.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

/// Pixels.
constexpr double panel_width = 250, panel_height = 290, left_edge = 82, first_title = 46, title_line = 20, gap_x = 28,
                 gap_y = 82, bottom_edge = 62, key_width = 176, key_row = 28;

struct Range {
  double low = 1e300, high = 0;
  void include(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

/// What the panels share.
struct Axes {
  Range d, capacity;
  std::vector<double> d_values, alphas;
};

std::size_t families_drawn(const Aggregate& data) {
  return std::min(data.families.size(), most_families_drawn);
}

Axes find_axes(const Aggregate& data) {
  Axes axes;
  std::set<double> d_values, alphas;
  for (std::size_t f = 0; f < families_drawn(data); ++f)
    for (const Series& series : data.families[f].series)
      for (const Cell& cell : series.cells) {
        if (!(cell.mean_capacity > 0)) continue;
        const auto d = static_cast<double>(cell.trial.d);
        d_values.insert(d);
        alphas.insert(series.alpha);
        axes.d.include(d);
        axes.capacity.include(cell.mean_capacity);
      }
  axes.d_values.assign(d_values.begin(), d_values.end());
  axes.alphas.assign(alphas.begin(), alphas.end());
  axes.d = {axes.d.low / 1.25, axes.d.high * 1.25};
  axes.capacity = {axes.capacity.low / 1.8, axes.capacity.high * 1.8};
  return axes;
}

std::string row(std::initializer_list<double> values) {
  std::string text;
  for (double value : values) text.append(text.empty() ? "" : " ").append(to_text(value));
  return text + "\n";
}

/// Blocks of a data file, addressed by number.
class Blocks {
 public:
  std::size_t add(const std::string& title, const std::string& rows) {
    std::string comment = title;
    std::replace(comment.begin(), comment.end(), '\n', ' ');
    text_ += (count_ == 0 ? "" : "\n\n") + std::string("# ").append(comment) + "\n" + rows;
    return count_++;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::size_t count_ = 0;
};

std::string plot_item(std::size_t block, const std::string& how) {
  return "'capacity.dat' index " + std::to_string(block) + " using " + how + " notitle";
}

/// A straight line in the log-log plane over the series' d, as two rows.
std::string line_rows(double log_factor, double slope, const Exponent& e) {
  std::string rows;
  for (std::int64_t d : {e.d_min, e.d_max}) {
    const double log_d = std::log(static_cast<double>(d));
    rows += row({static_cast<double>(d), std::exp(log_factor + slope * log_d)});
  }
  return rows;
}

/// Mean of log d and of log capacity: both lines go through it.
std::pair<double, double> centroid(const Series& series) {
  double x = 0, y = 0, n = 0;
  for (const Cell& cell : series.cells) {
    if (!(cell.mean_capacity > 0)) continue;
    x += std::log(static_cast<double>(cell.trial.d));
    y += std::log(cell.mean_capacity);
    n += 1;
  }
  return {x / n, y / n};
}

std::vector<std::string> series_items(const Family& family, const Series& series, const Exponent* e, const Axes& axes,
                                      Blocks& blocks) {
  const auto colour = static_cast<std::size_t>(std::lower_bound(axes.alphas.begin(), axes.alphas.end(), series.alpha) -
                                               axes.alphas.begin());
  std::string points;
  for (const Cell& cell : series.cells) {
    const double bar = std::isfinite(cell.standard_error) ? cell.standard_error : 0;
    const double low = std::max(cell.mean_capacity - bar, axes.capacity.low / 10);  // a logarithm needs it positive
    if (cell.mean_capacity > 0)
      points += row({static_cast<double>(cell.trial.d), cell.mean_capacity, low, cell.mean_capacity + bar});
  }
  if (points.empty()) return {};
  const std::string name = series_name(family, series);
  std::vector<std::string> items;
  if (e != nullptr) {
    const std::size_t block = blocks.add(name + ", fit: d, capacity", line_rows(e->log_factor, e->c.value, *e));
    items.push_back(plot_item(block, "1:2 with lines " + gnuplot_colour(colour) + " lw 1.3"));
  }
  if (e != nullptr && e->c.theory) {
    const auto [x, y] = centroid(series);
    const std::size_t block =
        blocks.add(name + ", slope of theory: d, capacity", line_rows(y - *e->c.theory * x, *e->c.theory, *e));
    items.push_back(plot_item(block, "1:2 with lines lc rgb '#333333' dt (2,4) lw 1.3"));
  }
  const std::size_t block = blocks.add(name + ": d, mean capacity, low, high", points);
  items.push_back(plot_item(block, gnuplot_bars(colour)));
  items.push_back(plot_item(block, "1:2 with points " + gnuplot_style(colour) + " ps 0.6"));
  return items;
}

/// Entries of the key: 1/0 draws nothing but its title.
std::vector<std::string> key_items(const Axes& axes, bool theory, bool fit) {
  std::vector<std::string> items;
  for (std::size_t a = 0; a < axes.alphas.size(); ++a)
    items.push_back("1/0 with points " + gnuplot_style(a) + " ps 0.6 title " +
                    gnuplot_quoted("α = " + to_text(axes.alphas[a])));
  if (fit) items.push_back("1/0 with lines lc rgb '#444444' lw 1.3 title 'fit'");
  if (theory) items.push_back("1/0 with lines lc rgb '#333333' dt (2,4) lw 1.3 title 'slope of theory'");
  return items;
}

/// A long label takes several lines, so that it does not reach into the next panel.
std::string wrapped(const std::string& label) {
  constexpr std::size_t longest = 30;
  std::string text;
  std::size_t line = 0;
  for (std::size_t from = 0; from < label.size();) {
    const std::size_t end = std::min(label.find(' ', from), label.size());
    if (line > 0) {
      const bool fits = line + 1 + end - from <= longest;
      text += fits ? ' ' : '\n';
      line = fits ? line + 1 : 0;
    }
    text.append(label, from, end - from);
    line += end - from;
    from = end + 1;
  }
  return text;
}

/// Title lines of the tallest title.
double title_lines(const Aggregate& data) {
  std::ptrdiff_t most = 1;
  for (std::size_t f = 0; f < families_drawn(data); ++f) {
    const std::string title = wrapped(data.families[f].label);
    most = std::max(most, 1 + std::count(title.begin(), title.end(), '\n'));
  }
  return static_cast<double>(most);
}

/// Where the panels stand, in pixels.
struct Layout {
  std::size_t panels, columns;
  double top_edge, row_height;
  PictureSize size;

  double left(std::size_t panel) const {
    return left_edge + static_cast<double>(panel % columns) * (panel_width + gap_x);
  }
  double top(std::size_t panel) const { return top_edge + static_cast<double>(panel / columns) * row_height; }
  bool is_leftmost(std::size_t panel) const { return panel % columns == 0; }
  bool is_lowest(std::size_t panel) const { return panel + columns >= panels; }
};

Layout find_layout(const Aggregate& data, const Axes& axes) {
  const std::size_t panels = families_drawn(data);
  const std::size_t columns = panels == 4 ? 2 : std::min<std::size_t>(panels, 3);
  const double more_title = title_line * (title_lines(data) - 1);
  Layout layout{panels, columns, first_title + more_title, panel_height + gap_y + more_title, {}};
  const double keys = layout.top_edge + key_row * static_cast<double>(axes.alphas.size() + 2);
  const double plots = layout.top(panels - 1) + panel_height;
  layout.size = {static_cast<int>(layout.left(columns - 1) + panel_width + key_width),
                 static_cast<int>(std::max(plots, keys) + bottom_edge)};
  return layout;
}

std::string axes_script(const Axes& axes) {
  const Range &d = axes.d, &capacity = axes.capacity;
  std::string y_tics;
  for (double value : decade_tics(capacity.low, capacity.high))
    y_tics.append(y_tics.empty() ? "" : ", ").append(to_text(value));
  return "set logscale xy\nset grid x y lc rgb '#dddddd' lw 0.7\nset xrange [" + to_text(d.low) + ":" +
         to_text(d.high) + "]\nset yrange [" + to_text(capacity.low) + ":" + to_text(capacity.high) + "]\nset xtics " +
         gnuplot_log_tics(axes.d_values, d.low, d.high, panel_width) + "\nunset mxtics\nset ytics (" + y_tics + ")\n";
}

/// Frame, title and labels of a panel; capacities are written at the leftmost alone, as all share the axis.
std::string panel_script(const Layout& layout, std::size_t panel, const std::string& label, const Axes& axes) {
  const double left = layout.left(panel), top = layout.top(panel);
  const std::string format = axes.capacity.low < 1 ? "'%g'" : "'%.0f'";
  std::string script = gnuplot_frame(layout.size, left, top, left + panel_width, top + panel_height);
  script += "set title " + gnuplot_quoted(wrapped(label)) + " noenhanced offset 0,-0.4\n";
  script += layout.is_lowest(panel) ? "set xlabel 'dimension d'\n" : "unset xlabel\n";
  script += layout.is_leftmost(panel) ? "set ylabel 'mean capacity (items)'\nset format y " + format + "\n"
                                      : "unset ylabel\nset format y ''\n";
  return script;
}

/// The exponent fitted to a series, if there is one.
const Exponent* exponent_of(const FamilyFit& fit, const Series& series) {
  for (const Exponent& e : fit.exponents)
    if (e.alpha == series.alpha) return &e;
  return nullptr;
}

}  // namespace

std::optional<Figure> capacity_figure(const Aggregate& data, const ScalingFit& fit) {
  const Axes axes = find_axes(data);
  if (axes.d_values.empty()) return std::nullopt;
  const Layout layout = find_layout(data, axes);
  Blocks blocks;
  bool any_fit = false, any_theory = false;
  std::string script = gnuplot_prologue("capacity", layout.size) + "set multiplot\nunset key\n" + axes_script(axes);
  for (std::size_t f = 0; f < layout.panels; ++f) {
    const Family& family = data.families[f];
    std::vector<std::string> items;
    for (const Series& series : family.series) {
      const Exponent* e = exponent_of(fit.families[f], series);
      any_fit = any_fit || e != nullptr;
      any_theory = any_theory || (e != nullptr && e->c.theory);
      const auto more = series_items(family, series, e, axes, blocks);
      items.insert(items.end(), more.begin(), more.end());
    }
    if (items.empty()) items.push_back("1/0 notitle");
    script += "\n" + panel_script(layout, f, family.label, axes) + gnuplot_items(items);
  }
  script +=
      gnuplot_key(layout.size, layout.size.width - key_width, layout.top_edge, key_items(axes, any_theory, any_fit));
  script += "unset multiplot\nset output\n";
  return Figure{"capacity", blocks.text(), script};
}

}  // namespace memscale
