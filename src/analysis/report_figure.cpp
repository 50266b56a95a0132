#include "memscale/analysis/report_figure.hpp"

#include <optional>
#include <utility>

#include "memscale/analysis/figures.hpp"

namespace memscale {

std::vector<ReportFigure> make_figures(const Analysis& analysis) {
  const Aggregate& data = analysis.data;
  const Laws& laws = analysis.laws;
  std::vector<ReportFigure> figures;
  const auto add = [&](std::optional<ReportFigure> figure) {
    if (figure) figures.push_back(std::move(*figure));
  };
  add(capacity_figure(data, laws.scaling));
  add(compare_figure(data));
  add(exponents_figure(data, laws.scaling));
  add(local_slopes_figure(data, laws.scaling));
  add(batch_figure(data, laws.batches));
  add(critical_batch_figure(laws.batches));
  add(steps_figure(data, laws.steps));
  add(training_figure(data));
  add(loss_figure(data));
  add(loss_items_figure(laws.losses));
  add(recall_figure(data));
  add(spectra_figure(data));
  add(group_losses_figure(laws.orthogonal.trainings));
  add(gap_figure(laws.orthogonal.gaps, laws.orthogonal.gap_decays));
  add(imbalance_figure(laws.orthogonal.imbalance));
  add(rho_figure(laws.orthogonal.rhos));
  add(schedule_figure(analysis.timeline));
  return figures;
}

}  // namespace memscale
