#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "target.hpp"

namespace memscale::bench {

/// Seconds and memory of memscale-fit for each shape, with the aims for a million trials. `measured` as run_fit writes
/// it.
std::vector<Target> fit_rows(const nlohmann::json& measured);

/// The table of all shapes, that of fit_rows, and what the numbers mean.
std::string fit_report(const nlohmann::json& measured);

}  // namespace memscale::bench
