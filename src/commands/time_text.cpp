#include "memscale/commands/time_text.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <ctime>

namespace memscale {

namespace {

template <class... Values>
std::string format(const char* pattern, Values... values) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), pattern, values...);
  return text.data();
}

}  // namespace

std::string clock_text(double seconds) {
  const auto s = static_cast<long long>(std::llround(std::fmin(std::fmax(0, seconds), 1e15)));
  return format("%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
}

std::string span_text(double seconds) {
  struct Unit {
    double below, seconds;
    const char* pattern;
  };
  constexpr std::array<Unit, 3> units{{{120, 1, "%.0f s"}, {120 * 60, 60, "%.0f min"}, {48 * 3600, 3600, "%.1f h"}}};
  const double span = std::fmax(0, seconds);
  for (const Unit& unit : units)
    if (span < unit.below) return format(unit.pattern, span / unit.seconds);
  return format("%.0f days", span / 86400);
}

std::string seconds_text(double seconds) {
  return seconds < 600 ? brief_text(seconds) + " s" : clock_text(seconds);
}

std::string time_text(double time) {
  const auto seconds = static_cast<std::time_t>(std::fmin(std::fmax(0, time), 1e11));
  std::tm parts{};
  std::array<char, 48> text{};
  if (!::gmtime_r(&seconds, &parts) || std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts) == 0)
    return "?";
  return text.data();
}

std::string brief_text(double value) {
  return format(std::fabs(value) < 999.5 ? "%.3g" : "%.0f", value);
}

}  // namespace memscale
