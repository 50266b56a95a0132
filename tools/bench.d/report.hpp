#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "options.hpp"
#include "target.hpp"

namespace memscale::bench {

/// Rows of the cases, by case: {"capacity": [...], "softmax": [...], ..., "memory": {...}}.
using Measurements = nlohmann::json;

std::vector<Target> targets(const Measurements& measured);

/// All tables, at most 120 columns wide.
std::string report(const Options& options, const Measurements& measured);

}  // namespace memscale::bench
