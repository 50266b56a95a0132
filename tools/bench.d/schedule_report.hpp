#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "target.hpp"

namespace memscale::bench {

/// What was measured, and what was reached of what is aimed at. Aims hold for 4096 ranks and 1e5 trials, and are not
/// judged at another size. `measured` as run_schedule writes it.
std::vector<Target> schedule_rows(const nlohmann::json& measured);

/// What was simulated, as tables, and what the numbers mean.
std::string schedule_report(const nlohmann::json& measured);

}  // namespace memscale::bench
