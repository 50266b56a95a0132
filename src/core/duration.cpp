#include "memscale/core/duration.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

#include "memscale/core/error.hpp"

namespace memscale {

namespace {

/// A number of plain digits, with a fraction or without; nothing for anything else.
std::optional<double> digits(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), value, std::chars_format::fixed);
  if (text.empty() || text.front() == '-' || error != std::errc() || end != text.end() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

/// "D-HH:MM:SS", "HH:MM:SS", "MM:SS"
std::optional<double> clock_seconds(std::string_view text) {
  double days = 0;
  const auto dash = text.find('-');
  if (dash != std::string_view::npos) {
    const auto value = digits(text.substr(0, dash));
    if (!value) return std::nullopt;
    days = *value;
    text.remove_prefix(dash + 1);
  }
  std::vector<double> parts;
  for (bool more = true; more;) {
    const auto colon = text.find(':');
    const auto value = digits(text.substr(0, colon));
    if (!value) return std::nullopt;
    parts.push_back(*value);
    more = colon != std::string_view::npos;
    if (more) text.remove_prefix(colon + 1);
  }
  if (parts.size() > 3 || parts.size() < (days > 0 ? 3U : 2U)) return std::nullopt;
  double seconds = 0;
  for (double part : parts) seconds = 60 * seconds + part;
  return 86400 * days + seconds;
}

std::optional<double> with_unit(std::string_view text) {
  constexpr std::array<std::pair<char, double>, 4> units{{{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}}};
  if (text.empty()) return std::nullopt;
  for (const auto& [unit, seconds] : units)
    if (text.back() == unit)
      if (const auto value = digits(text.substr(0, text.size() - 1))) return *value * seconds;
  return std::nullopt;
}

}  // namespace

double parse_duration(std::string_view key, std::string_view text) {
  constexpr double longest = 3650.0 * 86400;
  std::optional<double> seconds = with_unit(text);
  if (!seconds) seconds = clock_seconds(text);
  if (seconds && *seconds > 0 && *seconds <= longest) return *seconds;
  throw invalid(key, text,
                "must be a time like 2-00:00:00, 1:30:00, 10:00 or 90s, 15m, 2h, 1d, above 0 and at most ten years");
}

}  // namespace memscale
