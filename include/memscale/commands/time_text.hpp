#pragma once

#include <string>

namespace memscale {

/// "1:02:03", hours first.
std::string clock_text(double seconds);

/// "12 s", "5 min", "3.2 h", "12 days"; of what is negative, 0.
std::string span_text(double seconds);

/// "0.0004 s", "1.2 s", "340 s"; from 10 minutes on as clock_text.
std::string seconds_text(double seconds);

/// "2024-01-31 12:00:00 UTC" of seconds since 1970.
std::string time_text(double time);

/// A number in three digits or, above, as a whole one: "0.0123", "1.5", "149", "12345".
std::string brief_text(double value);

}  // namespace memscale
