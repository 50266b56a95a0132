#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "options.hpp"

namespace memscale::bench {

/// Rows of the cases, by case: {"capacity": [...], "softmax": [...], ..., "memory": {...}}.
using Measurements = nlohmann::json;

/// What is aimed at, and what these measurements reached.
struct Target {
  std::string what;
  std::string aim;      ///< "at least 100x"
  std::string reached;  ///< "163x"
  std::string verdict;  ///< "yes", "no", "not measured"
};

std::vector<Target> targets(const Measurements& measured);

/// All tables, at most 120 columns wide.
std::string report(const Options& options, const Measurements& measured);

}  // namespace memscale::bench
