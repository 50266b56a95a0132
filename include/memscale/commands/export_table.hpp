#pragma once

#include "memscale/commands/command.hpp"

namespace memscale {

/// `memscale export`: tables as CSV.
int export_table(const std::vector<std::string>& arguments);

inline constexpr Command export_verb{"export", "STORE --csv [-o FILE] [--table NAME]",
                                     "writes a store's results as CSV", export_table};

}  // namespace memscale
