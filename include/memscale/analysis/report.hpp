#pragma once

#include <string>

#include "memscale/analysis/aggregate.hpp"
#include "memscale/analysis/cost_summary.hpp"
#include "memscale/analysis/fit_source.hpp"
#include "memscale/analysis/scaling_fit.hpp"

namespace memscale {

/// Pictures as gnuplot wrote them (SVG documents); empty where there are none.
struct ReportFigures {
  std::string capacity, exponents;
};

/// A self-contained HTML page (also well-formed XML): fits, figures, notes, cost, provenance. Needs no network and
/// runs no script; every text from the store is escaped.
std::string report_html(const Aggregate& data, const ScalingFit& fit, const CostSummary& cost, const FitSource& source,
                        const ReportFigures& figures);

}  // namespace memscale
