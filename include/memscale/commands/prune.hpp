#pragma once

#include "memscale/commands/command.hpp"

namespace memscale {

/// `memscale prune`: removes the trials that match.
int prune(const std::vector<std::string>& arguments);

inline constexpr Command prune_verb{"prune",
                                    "STORE (--failed | --diverged | --where FIELD=VALUE[,VALUE...]) ... [--dry-run]",
                                    "removes trials from a store", prune};

}  // namespace memscale
