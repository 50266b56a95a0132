#pragma once

#include <array>
#include <string>
#include <vector>

#include "memscale/analysis/analysis.hpp"
#include "memscale/analysis/figure.hpp"

namespace memscale {

/// A figure, and what a report says of it.
struct ReportFigure {
  std::string section;  ///< that it belongs to
  std::string title;
  std::string caption;  ///< a paragraph: what is shown, and what is left out
  Figure figure;
};

/// Names of all figures that there may be: files NAME.svg, .pdf, .gp, .dat.
inline constexpr std::array figure_names{
    "capacity",   "compare", "exponents", "local-slopes", "batch",     "critical-batch", "steps", "training", "loss",
    "loss-items", "recall",  "spectra",   "group-losses", "gap-steps", "imbalance",      "rho",   "schedule"};

/// Those that the stores' axes give data for, in the order of figure_names.
std::vector<ReportFigure> make_figures(const Analysis& analysis);

}  // namespace memscale
