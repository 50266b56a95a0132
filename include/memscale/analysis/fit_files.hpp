#pragma once

#include <string>

#include "memscale/analysis/aggregate.hpp"
#include "memscale/analysis/cost_summary.hpp"
#include "memscale/analysis/fit_source.hpp"
#include "memscale/analysis/scaling_fit.hpp"

namespace memscale {

/// Comma-separated values, a header line first, numbers in full precision; empty where there is no number. The column
/// `method` holds the family's label and joins the three files.
std::string cells_csv(const Aggregate& data);
std::string exponents_csv(const ScalingFit& fit);
std::string laws_csv(const ScalingFit& fit);

/// Everything, notes and provenance included: an object with `store`, `provenance`, `counts`, `common`, `interval`,
/// `families`, `notes`, `cost`. null where there is no number; an infinite parameter is the text "inf".
std::string fit_json(const Aggregate& data, const ScalingFit& fit, const CostSummary& cost, const FitSource& source);

}  // namespace memscale
