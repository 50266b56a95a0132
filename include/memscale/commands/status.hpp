#pragma once

#include "memscale/commands/command.hpp"

namespace memscale {

/// `memscale status`: reads alone: neither a run at work nor the store notices.
int status(const std::vector<std::string>& arguments);

inline constexpr Command status_verb{"status", "STORE", "says how far a store is, and whether a run is at it", status};

}  // namespace memscale
