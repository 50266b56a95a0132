#pragma once

#include <string_view>

namespace memscale {

/// Seconds of "2-00:00:00", "1:30:00", "10:00" (minutes and seconds, as SLURM has it) or a number with a unit: "90s",
/// "1.5h", "2d". Throws InputError naming `key` for anything else, a bare number too, which SLURM would take for
/// minutes; and for none above 0.
double parse_duration(std::string_view key, std::string_view text);

}  // namespace memscale
