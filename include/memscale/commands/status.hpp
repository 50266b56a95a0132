#pragma once

#include "memscale/commands/command.hpp"

namespace memscale {

/// `memscale status`: reads alone: neither a run at work nor the store notices.
int status(const std::vector<std::string>& arguments);

inline constexpr Command status_verb{"status", "STORE [--watch [SECONDS]] [--json] [--failed] [--check]",
                                     "says how far a store is, and what the run at it does", status};

}  // namespace memscale
