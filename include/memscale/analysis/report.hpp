#pragma once

#include <string>
#include <vector>

#include "memscale/analysis/analysis.hpp"
#include "memscale/analysis/report_figure.hpp"

namespace memscale {

/// A figure as gnuplot drew it.
struct ReportPicture {
  ReportFigure figure;
  std::string svg;  ///< an SVG document; empty where it could not be drawn
};

/// A self-contained HTML page (also well-formed XML): laws, figures, tables, notes, cost, provenance. Needs no network
/// and runs no script; every text from a store is escaped.
std::string report_html(const Analysis& analysis, const std::vector<ReportPicture>& pictures);

}  // namespace memscale
