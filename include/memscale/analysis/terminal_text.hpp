#pragma once

#include <string>

#include "memscale/analysis/analysis.hpp"

namespace memscale {

/// The tables and notes, as memscale-fit prints them: lines of at most 100 columns, but for long notes and names.
std::string terminal_text(const Analysis& analysis);

}  // namespace memscale
