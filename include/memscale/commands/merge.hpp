#pragma once

#include "memscale/commands/command.hpp"

namespace memscale {

/// `memscale merge`: the union of stores by trial id, as a new store.
int merge(const std::vector<std::string>& arguments);

inline constexpr Command merge_verb{"merge", "STORE [STORE ...] -o NEW [--force]",
                                    "joins stores into a new one, of the present format", merge};

}  // namespace memscale
