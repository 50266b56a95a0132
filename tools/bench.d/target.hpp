#pragma once

#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace memscale::bench {

/// What is aimed at, and what was reached.
struct Target {
  std::string what;
  std::string aim;      ///< "at least 100x"
  std::string reached;  ///< "163x"
  std::string verdict;  ///< "yes", "no", "not measured"
};

/// NaN where it was not measured.
inline constexpr double not_measured = std::numeric_limits<double>::quiet_NaN();

/// `reached` judged against `aim`, both in `unit`.
Target at_least(const std::string& what, double aim, double reached, const std::string& unit);
Target under(const std::string& what, double aim, double reached, const std::string& unit);

/// Lines of at most 120 columns below a heading, whose first column is named `what`.
std::string target_lines(const std::string& what, const std::vector<Target>& targets);

/// [{"what": ..., "aim": ..., "reached": ..., "verdict": ...}, ...]
nlohmann::json to_json(const std::vector<Target>& targets);

}  // namespace memscale::bench
