#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace memscale::bench {

/// What was replayed, as a table, and what rounds of seeds save. `measured` as run_seeds writes it.
std::string seeds_report(const nlohmann::json& measured);

}  // namespace memscale::bench
