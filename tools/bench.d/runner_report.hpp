#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "target.hpp"

namespace memscale::bench {

/// What was measured, each with what is aimed at, where something is: aims hold for 1e5 empty trials and more, a grid
/// of 10 seconds and more, and two cores. `measured` as run_runner writes it.
std::vector<Target> runner_rows(const nlohmann::json& measured);

/// The table of runner_rows, and what the numbers mean.
std::string runner_report(const nlohmann::json& measured);

}  // namespace memscale::bench
