#pragma once

#include <optional>

#include "memscale/analysis/aggregate.hpp"
#include "memscale/analysis/laws.hpp"
#include "memscale/analysis/report_figure.hpp"
#include "memscale/analysis/timeline.hpp"

namespace memscale {

/// Families beyond this many are left out of the figures (never of the tables).
inline constexpr std::size_t most_families_drawn = 24;

// Each is named by its file, and nothing where there are no data for it. Figure numbers are those of arXiv 2603.26554.

/// Fig. 2, left. Mean capacity (bars: one standard error) against d: a panel for each family, a colour for each alpha,
/// fitted lines, dotted through each series' centroid the slope of theory.
std::optional<ReportFigure> capacity_figure(const Aggregate& data, const ScalingFit& fit);

/// Figs. 1 and 6. The same, a panel for each alpha, a colour for each family; the information limit. Needs two
/// families.
std::optional<ReportFigure> compare_figure(const Aggregate& data);

/// Fig. 2, right. C_alpha (bars: 95 % intervals) against 1/alpha: a colour for each family, fitted laws, theory's laws.
/// Needs two alphas.
std::optional<ReportFigure> exponents_figure(const Aggregate& data, const ScalingFit& fit);

/// Slopes between neighbouring d against 1/log d, and the log-corrected exponent at 0. Needs three d.
std::optional<ReportFigure> local_slopes_figure(const Aggregate& data, const ScalingFit& fit);

/// Fig. 3. Mean capacity against batch size: a panel for each method and alpha, a colour for each d. Needs three
/// batches.
std::optional<ReportFigure> batch_figure(const Aggregate& data, const BatchFits& fits);

/// Critical batch size against d: a panel for each alpha, a colour for each method.
std::optional<ReportFigure> critical_batch_figure(const BatchFits& fits);

/// Fig. 4. Mean capacity against d after T steps, and its exponent against T: a row for each method and alpha.
std::optional<ReportFigure> steps_figure(const Aggregate& data, const StepsFits& fits);

/// Fig. 5. Mean capacity, or mean loss of the population, after each step: a panel for each method and alpha.
std::optional<ReportFigure> training_figure(const Aggregate& data);
std::optional<ReportFigure> loss_figure(const Aggregate& data);

/// Mean loss against mean capacity, over d and steps: a panel for each method and alpha.
std::optional<ReportFigure> loss_items_figure(const LossFits& fits);

/// Share of the items of a frequency rank that is recovered: a panel for each family and alpha, a colour for each d.
std::optional<ReportFigure> recall_figure(const Aggregate& data);

/// Singular values of updates and weights against d: a column for each family, a colour for each alpha.
std::optional<ReportFigure> spectra_figure(const Aggregate& data);

// Of orthogonal memories. Figure numbers are those of arXiv 2509.26030.

/// Loss of each group, and of all items, against eta t: a panel for each training without label noise.
std::optional<ReportFigure> group_losses_figure(const TrainingFits& fits);

/// Loss above its floor against the number of steps, and against eta t of trainings by gd at a constant eta: a panel
/// for each setting, a colour for each method.
std::optional<ReportFigure> gap_figure(const GapFits& fits, const GapDecayFits& decays);

/// Fig. 4. Delta against the loss: a panel for each K, of one step over eta and of trainings, a colour for each method.
std::optional<ReportFigure> imbalance_figure(const ImbalanceRows& rows);

/// rho_eps against K, a panel for each eps, and against eps, a panel for each K: a colour for each method.
std::optional<ReportFigure> rho_figure(const RhoFits& fits);

/// Ranks against time.
std::optional<ReportFigure> schedule_figure(const Timeline& timeline);

}  // namespace memscale
