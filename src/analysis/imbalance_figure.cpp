#include <algorithm>
#include <map>
#include <utility>

#include "memscale/analysis/figure_parts.hpp"
#include "memscale/analysis/figures.hpp"
#include "memscale/core/text.hpp"
#include "named_styles.hpp"

namespace memscale {

namespace {

constexpr std::size_t most_panels = 8, most_methods = 16;

using Panels = std::map<std::pair<std::int64_t, std::string>, Panel>;  // by K and what items' frequencies are

std::string frequencies_of(const Trial& t) {
  return t.frequencies == FrequencyKind::zipf ? "α=" + to_text(t.alpha) + " M=" + to_text(t.groups) : "two groups";
}

/// A method, and the basis where that matters to it: whatever the eta, so that sweeps and trainings share colours.
std::string method_of(const Trial& t) {
  const bool heeds_basis = t.optimizer == OptimizerKind::signgd || t.optimizer == OptimizerKind::adam;
  return method_name(t) + (heeds_basis ? " " + std::string(name_of(t.task_basis)) : "");
}

/// One seed's path, the first's, as those of others are like it; up to the least loss, beyond which the steps of a
/// sweep are too long.
void add_row(const ImbalanceRow& row, const std::string& kind, NamedStyles& methods, Panels& panels) {
  const auto style = methods.style(method_of(row.run->trial));
  if (!style) return;
  const Trial& t = row.run->trial;
  const std::string setting = frequencies_of(t) + " K=" + to_text(t.d);
  Panel& panel = panels.try_emplace({t.d, setting}, Panel{kind + ", " + setting}).first->second;
  PlotCurve curve{row.label + " " + kind + " " + setting + ", Delta against L", PlotLook::linked, style};
  const ImbalancePath& path = row.paths.front();
  const auto least = std::min_element(path.loss.begin(), path.loss.end()) - path.loss.begin();
  for (std::size_t k = 0; k <= static_cast<std::size_t>(least); ++k)
    curve.points.push_back({path.loss[k], path.imbalance[k]});
  panel.curves.push_back(std::move(curve));
}

constexpr const char* caption =
    "Imbalance Delta = max f - min f of the probabilities of correct outputs against the loss L, from W = 0 (right, L "
    "= "
    "log K) on: over the learning rates of one step up to that of the least loss, and during trainings (arXiv "
    "2509.26030, Fig. 4). Of several seeds "
    "the first is shown.";

}  // namespace

std::optional<ReportFigure> imbalance_figure(const ImbalanceRows& rows) {
  NamedStyles methods(most_methods);
  Panels sweeps, trainings;
  for (const ImbalanceRow& row : rows.sweeps) add_row(row, "one step", methods, sweeps);
  for (const ImbalanceRow& row : rows.trainings) add_row(row, "training", methods, trainings);
  std::vector<Panel> panels;
  for (Panels* some : {&sweeps, &trainings})
    for (auto& [setting, panel] : *some) panels.push_back(std::move(panel));
  PanelFigure picture{"imbalance", {{"loss L (nats)"}}, {{"imbalance Δ"}}, spread(panels, most_panels), {}};
  methods.add_to_key(PlotLook::linked, picture.key);
  auto figure = draw_panels(picture);
  if (!figure) return std::nullopt;
  return ReportFigure{"Orthogonal memories", "Imbalance against loss",
                      caption + left_out(picture.panels.size(), panels.size(), "panels") +
                          left_out(methods.shown(), methods.all(), "methods"),
                      *figure};
}

}  // namespace memscale
