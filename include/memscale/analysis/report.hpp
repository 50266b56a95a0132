#pragma once

#include <string>
#include <vector>

#include "memscale/analysis/aggregate.hpp"
#include "memscale/analysis/cost_summary.hpp"
#include "memscale/analysis/fit_source.hpp"
#include "memscale/analysis/laws.hpp"
#include "memscale/analysis/report_figure.hpp"

namespace memscale {

/// A figure as gnuplot drew it.
struct ReportPicture {
  ReportFigure figure;
  std::string svg;  ///< an SVG document; empty where it could not be drawn
};

/// All that a report tells.
struct Report {
  const Aggregate& data;
  const Laws& laws;
  const CostSummary& cost;
  const FitSource& source;
  const std::vector<ReportPicture>& pictures;
};

/// A self-contained HTML page (also well-formed XML): laws, figures, tables, notes, cost, provenance. Needs no network
/// and runs no script; every text from the store is escaped.
std::string report_html(const Report& report);

}  // namespace memscale
