#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "target.hpp"

namespace memscale::bench {

/// What was measured, each with what is aimed at, where something is: aims hold for 1e6 records of 30 steps and are
/// not judged at another size. `measured` as run_store writes it.
std::vector<Target> store_rows(const nlohmann::json& measured);

/// The table of store_rows, and what the numbers mean.
std::string store_report(const nlohmann::json& measured);

}  // namespace memscale::bench
