#pragma once

#include "memscale/commands/command.hpp"

namespace memscale {

/// `memscale replay ID [STORE] [--dump FILE]`: runs one trial of a store again, on one core.
int replay(const std::vector<std::string>& arguments);

inline constexpr Command replay_verb{"replay", "ID [STORE] [--dump FILE]", "runs one trial of a store again", replay};

}  // namespace memscale
