#pragma once

#include <string>

#include "memscale/analysis/analysis.hpp"
#include "memscale/analysis/fit_tables.hpp"

namespace memscale {

/// Everything, notes and provenance included: an object with `program`, `stores`, `counts`, `seeds`, `options`,
/// `common`, `interval`, `verdict_rule`, `methods` (their parameters), `fits`, `local_slopes`, `cells` (means over
/// seeds; each seed's numbers are in the store), `notes` and `cost`. null where there is no number; infinity is the
/// text "inf".
std::string fit_json(const Analysis& analysis, const FitTables& tables);

}  // namespace memscale
