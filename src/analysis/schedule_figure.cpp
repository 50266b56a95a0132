#include <algorithm>
#include <array>
#include <ctime>

#include "memscale/analysis/figures.hpp"
#include "memscale/analysis/gnuplot.hpp"
#include "memscale/analysis/gnuplot_script.hpp"
#include "memscale/analysis/table.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

/// Pixels.
constexpr double left_edge = 84, plain_top = 16, gap_text_top = 46, plot_width = 900, axis_height = 66, key_row = 27,
                 tallest = 480, host_width = 110, right_edge = 24;
constexpr std::size_t most_texts = 24, most_gap_texts = 8;

/// Fills differ in lightness, too, for prints without colour.
std::string fill(const Schedule& schedule, std::size_t optimizer) {
  constexpr std::array densities{1.0, 0.5, 0.75};
  const std::string colour = optimizer == schedule.optimizers.size()
                                 ? "lc rgb '#cccccc'"
                                 : gnuplot_tint(optimizer, densities[optimizer % densities.size()]);
  return colour + " fs solid noborder";
}

std::string name_of_fill(const Schedule& schedule, std::size_t optimizer) {
  return optimizer == schedule.optimizers.size() ? "several" : schedule.optimizers[optimizer];
}

/// The rows at which a host begins; none where there is one host, or too many to tell.
std::vector<std::size_t> host_starts(const Schedule& schedule) {
  std::vector<std::size_t> starts;
  for (std::size_t row = 0; row < schedule.rows.size(); ++row)
    if (row == 0 || schedule.rows[row].host != schedule.rows[row - 1].host) starts.push_back(row);
  if (starts.size() < 2 || starts.size() > most_texts) starts.clear();
  return starts;
}

struct TimeUnit {
  const char* name;
  double seconds;
};

TimeUnit unit_of(double seconds) {
  constexpr double minute = 60, hour = 3600, enough = 3;
  if (seconds > enough * hour) return {"hours", hour};
  if (seconds > enough * minute) return {"minutes", minute};
  return {"seconds", 1};
}

/// "2026-11-26 03:46 UTC"
std::string date_text(double since_1970) {
  const auto time = static_cast<std::time_t>(since_1970);
  std::tm parts{};
  std::array<char, 64> text{};
  if (::gmtime_r(&time, &parts) == nullptr) return {};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", &parts);
  return text.data();
}

std::string duration_text(double seconds) {
  constexpr double minute = 60, hour = 3600, day = 86400;
  if (seconds >= 2 * day) return fixed_text(seconds / day, 0) + " d";
  if (seconds >= 2 * hour) return fixed_text(seconds / hour, 0) + " h";
  if (seconds >= 2 * minute) return fixed_text(seconds / minute, 0) + " min";
  return fixed_text(seconds, 0) + " s";
}

/// Ranks at evenly spread rows; row 0 on top.
std::string rank_ticks(const Schedule& schedule) {
  const std::size_t rows = schedule.rows.size(), step = (rows + most_texts - 1) / most_texts;
  std::string text;
  for (std::size_t row = 0; row < rows; row += step)
    text += (row == 0 ? "" : ", ") + gnuplot_quoted(to_text(schedule.rows[row].rank)) + " " + std::to_string(row);
  return text;
}

/// Lines between hosts, and their names at the right.
std::string host_script(const Schedule& schedule) {
  const std::vector<std::size_t> starts = host_starts(schedule);
  std::string script;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const double begin = static_cast<double>(starts[i]) - 0.5;
    const double end = static_cast<double>(i + 1 < starts.size() ? starts[i + 1] : schedule.rows.size()) - 0.5;
    if (i > 0)
      script += "set arrow from graph 0, first " + to_text(begin) + " to graph 1, first " + to_text(begin) +
                " nohead lc rgb '#333333' lw 0.7 front\n";
    script += "set label " + gnuplot_quoted(schedule.rows[starts[i]].host.substr(0, 14)) + " at graph 1.01, first " +
              to_text((begin + end) / 2) + " noenhanced font ',11'\n";
  }
  return script;
}

std::string gap_script(const Schedule& schedule, const TimeUnit& unit) {
  std::string script;
  for (const ScheduleGap& gap : schedule.gaps) {
    const std::string at = to_text(gap.at / unit.seconds);
    script += "set arrow from " + at + ", graph 0 to " + at + ", graph 1 nohead lc rgb '#333333' lw 1 dt (3,3) front\n";
    if (schedule.gaps.size() <= most_gap_texts)
      script += "set label " + gnuplot_quoted(duration_text(gap.seconds) + " idle") + " at " + at +
                ", graph 1.035 center font ',11'\n";
  }
  return script;
}

std::string bars_data(const Schedule& schedule, std::size_t optimizer, const TimeUnit& unit) {
  std::string rows = "# " + name_of_fill(schedule, optimizer) + ": middle, row, from, to, first row, last row\n";
  constexpr double half = 0.42;  // of a row; bars of several rows touch
  const double reach = schedule.row_bin > 1 ? 0.5 : half;
  for (const ScheduleBar& bar : schedule.bars) {
    if (bar.optimizer != optimizer) continue;
    const double from = bar.from / unit.seconds, to = bar.to / unit.seconds;
    const auto first = static_cast<double>(bar.first), last = static_cast<double>(bar.last);
    for (double value : {(from + to) / 2, (first + last) / 2, from, to, first - reach, last + reach})
      rows += fixed_text(value, 4) + " ";
    rows.back() = '\n';
  }
  return rows;
}

std::string caption_of(const Schedule& schedule) {
  std::string text = "When each rank computed, coloured by optimizer, ranks from top to bottom. ";
  if (schedule.resolution > 0) {
    text +=
        "There are more trials than bars fit: grey shows where a rank was busy more than half the time, in pieces of " +
        duration_text(schedule.resolution) + ", and colour where one optimizer had nearly all of it.";
    if (schedule.row_bin > 1) text += " A bar stands for " + std::to_string(schedule.row_bin) + " ranks.";
  } else {
    text += "A bar is a trial.";
  }
  text += " White: waiting, or what ranks did besides.";
  if (!schedule.gaps.empty()) text += " Broken lines: idle time between runs that is cut out.";
  return text;
}

/// Bars of each kind: data, items of the plot and of the key.
struct Bars {
  std::string data;
  std::vector<std::string> items, key;
};

Bars bars_of(const Schedule& schedule, const TimeUnit& unit) {
  std::vector<std::size_t> kinds;
  if (schedule.resolution > 0) kinds.push_back(schedule.optimizers.size());  // below the others
  for (std::size_t o = 0; o < schedule.optimizers.size(); ++o) kinds.push_back(o);
  Bars bars;
  for (std::size_t kind : kinds) {
    const std::string rows = bars_data(schedule, kind, unit);
    if (std::count(rows.begin(), rows.end(), '\n') < 2) continue;
    bars.data += (bars.data.empty() ? "" : "\n\n") + rows;
    bars.items.push_back("'schedule.dat' index " + std::to_string(bars.items.size()) +
                         " using 1:2:3:4:5:6 with boxxyerror " + fill(schedule, kind) + " notitle");
    bars.key.push_back("1/0 with boxes " + fill(schedule, kind) + " title " +
                       gnuplot_quoted(name_of_fill(schedule, kind)));
  }
  return bars;
}

}  // namespace

std::optional<ReportFigure> schedule_figure(const Timeline& timeline) {
  const Schedule schedule = timeline.schedule();
  if (schedule.bars.empty() || !(schedule.end > 0)) return std::nullopt;
  const TimeUnit unit = unit_of(schedule.end);
  const auto rows = static_cast<double>(schedule.rows.size());
  constexpr double row_height = 22, lowest = 90;
  const double height = std::clamp(row_height * rows, lowest, tallest);
  const double top_edge = schedule.gaps.empty() ? plain_top : gap_text_top;
  const double key_top = top_edge + height + axis_height;
  const Bars bars = bars_of(schedule, unit);
  const PictureSize size{
      static_cast<int>(left_edge + plot_width + (host_starts(schedule).empty() ? right_edge : host_width)),
      static_cast<int>(key_top + key_row * static_cast<double>(bars.key.size()) + 12)};
  std::string script = gnuplot_prologue("schedule", size) + "set multiplot\nunset key\nset tics out\n";
  script += gnuplot_frame(size, left_edge, top_edge, left_edge + plot_width, top_edge + height);
  script += "set xrange [0:" + to_text(schedule.end / unit.seconds) + "]\n";
  script += "set yrange [" + to_text(rows - 0.5) + ":-0.5]\nset ytics (" + rank_ticks(schedule) + ") scale 0\n";
  script += "set xlabel " +
            gnuplot_quoted(std::string("time (") + unit.name + " since " + date_text(schedule.started) + ")") +
            "\nset ylabel 'rank'\n";
  script +=
      host_script(schedule) + gap_script(schedule, unit) + gnuplot_items(bars.items) + "unset arrow\nunset label\n";
  script += gnuplot_key(size, left_edge, key_top, bars.key) + "unset multiplot\nset output\n";
  return ReportFigure{"Cost", "Ranks against time", caption_of(schedule), Figure{"schedule", bars.data, script}};
}

}  // namespace memscale
