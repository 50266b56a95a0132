#include <algorithm>
#include <cmath>

#include "memscale/analysis/figure_parts.hpp"
#include "memscale/analysis/figures.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

constexpr std::size_t most_panels = 9, most_groups = 8;
constexpr double least_shown = least_loss / 10;

enum Axis : std::size_t { power_axis, exponential_axis };

/// What is drawn, and how.
struct Shown {
  const TrainingFit* fit;
  std::vector<GroupCurve> groups;
  double eta;

  bool is_power() const { return fit->decay == LossDecay::power; }
  double items() const { return fit->run->items(); }
};

std::vector<PlotPoint> loss_points(const std::vector<double>& steps, const std::vector<double>& loss, double eta) {
  std::vector<PlotPoint> points;
  for (std::size_t k = 0; k < steps.size(); ++k)
    if (loss[k] > least_shown) points.push_back({eta * steps[k], loss[k]});
  return points;
}

/// scale / (eta t) over the last two thirds of the axis, where it may hold.
PlotCurve power_law(const std::string& name, std::optional<std::size_t> style, double scale,
                    const std::vector<PlotPoint>& points) {
  PlotCurve law{name, PlotLook::dashed, style, {}, false};
  if (points.empty()) return law;
  const double to = points.back().x, from = std::pow(points.front().x, 1.0 / 3) * std::pow(to, 2.0 / 3);
  law.points = power_line(std::log(scale), -1, from, to);
  return law;
}

PlotCurve exponential_law(const std::string& name, const Shown& shown, const std::vector<PlotPoint>& points) {
  PlotCurve law{name, PlotLook::dashed, std::nullopt, {}, false};
  if (points.empty() || !std::isfinite(shown.fit->rate)) return law;
  for (double x : {0.0, points.back().x}) law.points.push_back({x, shown.items() * std::exp(-shown.fit->rate * x)});
  return law;
}

Panel panel_of(const Shown& shown, const Palette& groups) {
  const std::string name = run_name(shown.fit->label, shown.fit->run->trial);
  const Axis axis = shown.is_power() ? power_axis : exponential_axis;
  Panel panel{name, {}, axis, axis};
  for (const GroupCurve& curve : shown.groups) {
    const auto number = static_cast<double>(curve.group);
    if (!groups.contains(number)) continue;
    const std::string of_group = name + ", group " + to_text(curve.group);
    const auto points = loss_points(curve.steps, curve.loss, shown.eta);
    if (shown.is_power())
      panel.curves.push_back(power_law(of_group + ", 1/(p eta t)", groups.style(number), 1 / curve.p, points));
    panel.curves.push_back({of_group + ", loss against eta t", PlotLook::linked, groups.style(number), points});
  }
  const OrthogonalTrace& trace = shown.fit->run->trace;
  const auto whole = loss_points({trace.steps.begin(), trace.steps.end()}, trace.loss, shown.eta);
  panel.curves.push_back(shown.is_power() ? power_law(name + ", K/(eta t)", std::nullopt, shown.items(), whole)
                                          : exponential_law(name + ", K exp(-rate eta t)", shown, whole));
  panel.curves.push_back({name + ", whole loss against eta t", PlotLook::line, std::nullopt, whole});
  return panel;
}

/// Of trainings that differ in their number of steps alone the longest.
std::vector<Shown> find_trainings(const TrainingFits& fits) {
  std::vector<const OrthogonalRun*> runs;
  for (const TrainingFit& fit : fits.fits) runs.push_back(fit.run);
  std::vector<Shown> found;
  for (const RunGroup& group : group_runs(runs, {"steps"}))
    for (const TrainingFit& fit : fits.fits)
      if (fit.run == group.runs.back())
        found.push_back({&fit, group_curves(*fit.run), learning_rate(fit.run->trial, 1)});
  return found;
}

constexpr const char* caption =
    "Mean loss of the items of each group of equal frequency against eta t, and of all items (grey), in trainings "
    "without label noise at a constant learning rate eta. Dashed: theory, L_j = 1/(p_j eta t) and L = K/(eta t) for "
    "gd, K exp(-rate eta t) for the others (arXiv 2602.05725).";

}  // namespace

std::optional<ReportFigure> group_losses_figure(const TrainingFits& fits) {
  const std::vector<Shown> all = find_trainings(fits), shown = spread(all, most_panels);
  Palette every_group;
  for (const Shown& one : shown)
    for (const GroupCurve& curve : one.groups) every_group.add(static_cast<double>(curve.group));
  const Palette groups = every_group.spread(most_groups);
  PanelFigure picture{"group-losses",
                      {{"η t", AxisScale::logarithmic}, {"η t"}},
                      {{"loss (nats)", AxisScale::logarithmic}, {"loss (nats)", AxisScale::logarithmic}},
                      {},
                      {}};
  for (const Shown& one : shown) picture.panels.push_back(panel_of(one, groups));
  groups.add_to_key("group", PlotLook::linked, picture.key);
  picture.key.push_back({"all items", PlotLook::line, std::nullopt});
  picture.key.push_back({"theory", PlotLook::dashed, std::nullopt});
  auto figure = draw_panels(picture);
  if (!figure) return std::nullopt;
  return ReportFigure{
      "Orthogonal memories", "Loss of each group",
      caption + left_out(shown.size(), all.size(), "trainings") + left_out(groups.size(), every_group.size(), "groups"),
      *figure};
}

}  // namespace memscale
