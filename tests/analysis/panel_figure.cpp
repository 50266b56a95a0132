#include "memscale/analysis/panel_figure.hpp"

#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

#include "catch.hpp"
#include "memscale/analysis/gnuplot.hpp"
#include "memscale/analysis/panel_layout.hpp"
#include "temporary_folder.hpp"

using namespace memscale;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

const PlotAxis dimension{"dimension d", AxisScale::logarithmic};
const PlotAxis capacity{"capacity", AxisScale::logarithmic};

PanelFigure two_panels() {
  PanelFigure picture{"small", {dimension}, {capacity}};
  picture.panels = {{"gd", {{"gd", PlotLook::points, 0, {{64, 8, 7, 9}, {128, 12}}}}},
                    {"muon", {{"muon", PlotLook::linked, 1, {{64, 40, 38, 42}, {128, 120, 110, 130}}}}}};
  picture.key = {{"gd", PlotLook::points, 0}};
  return picture;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++found;
  return found;
}

/// What gnuplot says of the script, run as SVG.
ProcessEnd draw_here(const Figure& figure, const TemporaryFolder& folder) {
  std::ofstream(folder.path() / (figure.name + ".gp")) << figure.script;
  std::ofstream(folder.path() / (figure.name + ".dat")) << figure.data;
  return run_program({"gnuplot", "--default-settings", figure.name + ".gp"}, folder.path());
}

bool has_gnuplot() {
  return run_program({"gnuplot", "--version"}, "/").found;
}

}  // namespace

TEST_CASE("each panel is a plot, the key one more; panels of one axis share its range and its texts") {
  const Figure figure = draw_panels(two_panels()).value();
  CHECK(figure.name == "small");
  CHECK(count(figure.script, "plot \\\n") == 3);
  CHECK(count(figure.script, "set title 'gd'") == 1);
  CHECK(count(figure.script, "set format y '%g'") == 1);
  CHECK(count(figure.script, "set format y ''") == 1);
  CHECK(count(figure.script, "set label 1 'capacity'") == 1);
  const auto first = figure.script.find("set yrange"), second = figure.script.find("set yrange", first + 1);
  CHECK(figure.script.substr(first, 30) == figure.script.substr(second, 30));
}

TEST_CASE("panels of their own axes have ranges and texts of their own") {
  PanelFigure picture = two_panels();
  picture.y_axes.push_back({"loss", AxisScale::linear});
  picture.panels[1].y = 1;
  const Figure figure = draw_panels(picture).value();
  CHECK(count(figure.script, "set format y '%g'") == 2);
  CHECK(count(figure.script, "set label 1 'capacity'") == 1);
  CHECK(count(figure.script, "set label 1 'loss'") == 1);
  CHECK(count(figure.script, "unset logscale y") == 1);
  const PanelLayout shared(two_panels()), own(picture);
  CHECK(own.left(1) - own.left(0) > shared.left(1) - shared.left(0));
}

TEST_CASE("error bars are drawn where there are any, marks and lines in their looks") {
  PanelFigure picture = two_panels();
  picture.panels[0].curves[0].points = {{64, 8}, {128, 12}};
  picture.panels[0].curves.push_back({"theory", PlotLook::dotted, std::nullopt, {{64, 8}, {128, 12}}});
  const Figure figure = draw_panels(picture).value();
  CHECK(count(figure.script, "with vectors") == 1);  // muon's
  CHECK(count(figure.script, "with linespoints lt 2") == 1);
  CHECK(count(figure.script, "dt (2,4)") == 1);
}

TEST_CASE("no data file holds nan, inf, or what a logarithm cannot show") {
  PanelFigure picture = two_panels();
  picture.panels[0].curves[0].points = {
      {64, 8, unknown, unknown}, {128, unknown}, {256, 0}, {infinity, 3}, {512, -1}, {0, 5}, {1024, 9, -4, 22}};
  const Figure figure = draw_panels(picture).value();
  CHECK(figure.data.find("nan") == std::string::npos);
  CHECK(figure.data.find("inf") == std::string::npos);
  std::istringstream lines(figure.data);
  int rows = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    ++rows;
    std::istringstream row(line);
    for (double value; row >> value;) CHECK(value > 0);
  }
  CHECK(rows == 4);  // two of each panel
}

TEST_CASE("nothing to show, no figure") {
  CHECK_FALSE(draw_panels({"empty", {dimension}, {capacity}}));
  PanelFigure picture = two_panels();
  for (Panel& panel : picture.panels) panel.curves[0].points = {{64, 0}, {unknown, 3}};
  CHECK_FALSE(draw_panels(picture));
  picture.panels[0].curves[0] = {"theory", PlotLook::line, std::nullopt, {{64, 8}}, false};
  CHECK_FALSE(draw_panels(picture));  // a reference alone is nothing
}

TEST_CASE("hostile labels are shown, never run, and do not break the data file") {
  const std::string hostile = "it's `touch shell` \"x\" $(touch shell) {/Bold x} _a^b\n\n\nplot sin(x)";
  PanelFigure picture = two_panels();
  picture.panels[0].title = hostile;
  picture.panels[0].curves[0].name = hostile;
  picture.key[0].title = hostile;
  const Figure figure = draw_panels(picture).value();
  CHECK(count(figure.data, "\n\n") == 1);  // blocks are still two
  CHECK(figure.script.find("\nplot sin") == std::string::npos);
  if (!has_gnuplot()) return;
  const TemporaryFolder folder;
  const ProcessEnd end = draw_here(figure, folder);
  CHECK(end.status == 0);
  CHECK(std::filesystem::file_size(folder.path() / "small.svg") > 0);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "shell"));
}

TEST_CASE("gnuplot draws every look, on axes with one point, and many panels with a long key") {
  if (!has_gnuplot()) return;
  const TemporaryFolder folder;
  PanelFigure picture{"looks", {dimension, {"step"}}, {capacity, {"share"}}};
  const PlotLook looks[] = {PlotLook::points, PlotLook::open_points, PlotLook::cross,       PlotLook::linked,
                            PlotLook::line,   PlotLook::dotted,      PlotLook::dash_dotted, PlotLook::dashed};
  for (std::size_t i = 0; i < 30; ++i) {
    const PlotLook look = looks[i % std::size(looks)];
    picture.panels.push_back({"panel", {{"one", look, i, {{64, 8, 7, 9}}}}, i % 2, i / 2 % 2});
    picture.key.push_back({std::string(10 + i, 'x'), look, i % 3 == 0 ? std::nullopt : std::optional(i)});
  }
  picture.panels[3] = {};
  const ProcessEnd end = draw_here(draw_panels(picture).value(), folder);
  CHECK(end.status == 0);
  INFO(end.message);  // without a UTF-8 locale gnuplot warns of a character that no picture has
  CHECK((end.message.empty() || end.message.find("degree sign") != std::string::npos));
}

TEST_CASE("a long key stands below the panels, in columns, all of it inside the picture") {
  PanelFigure picture = two_panels();
  CHECK(PanelLayout(picture).key_top() < PanelLayout(picture).top(0) + 1);
  for (int i = 0; i < 40; ++i) picture.key.push_back({std::string(30, 'x'), PlotLook::line, 0});
  const PanelLayout layout(picture);
  CHECK(layout.key_top() > layout.top(0) + layout.height());
  CHECK(layout.key_columns() >= 2);
  CHECK(layout.key_left() + static_cast<double>(layout.key_columns()) * layout.key_width() <= layout.size().width + 1);
}

TEST_CASE("titles wrap between words alone and within their panel") {
  PanelFigure picture{"many", {dimension}, {capacity}};
  for (int i = 0; i < 6; ++i) picture.panels.push_back({"muon newton-schulz polar-express 12 batch=1000000 kappa=0.5"});
  const PanelLayout layout(picture);
  const std::string title = layout.wrapped(picture.panels[0].title);
  std::istringstream lines(title);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() < 36);
  std::string joined = title;
  for (char& c : joined) c = c == '\n' ? ' ' : c;
  CHECK(joined == picture.panels[0].title);
}

TEST_CASE("ranges hold what is drawn, with a margin, or what the axis fixes") {
  const AxisRange wide = range_of(capacity, {10, 1000});
  CHECK(wide.low < 10);
  CHECK(wide.high > 1000);
  CHECK(wide.low > 5);
  const AxisRange one = range_of({"share"}, {3, 3});
  CHECK(one.low < 3);
  CHECK(one.high > 3);
  PlotAxis fixed{"share"};
  fixed.low = 0;
  fixed.high = 1;
  CHECK(range_of(fixed, {}).low == 0);
  CHECK(range_of(fixed, {0.2, 7}).high == 1);
}

TEST_CASE("a slope goes through the middle of its points") {
  const auto line = slope_through({{10, 100}, {1000, 100}, {100, unknown}, {0, 3}}, 1);
  REQUIRE(line.size() == 2);
  CHECK(line[0].x == 10);
  CHECK(line[0].y == Approx(10));
  CHECK(line[1].y == Approx(1000));
  CHECK(slope_through({}, 1).empty());
}

TEST_CASE("a spread choice keeps first and last") {
  CHECK(spread(std::vector<int>{1, 2, 3, 4, 5, 6, 7}, 3) == std::vector<int>{1, 4, 7});
  CHECK(spread(std::vector<int>{1, 2}, 3) == std::vector<int>{1, 2});
}
