#pragma once

#include "memscale/commands/command.hpp"

namespace memscale {

/// `memscale verify`: every record is read, and a sample of trials run again and compared bit for bit.
int verify(const std::vector<std::string>& arguments);

inline constexpr Command verify_verb{"verify", "STORE [--sample N] [--seed S] [--threads N]",
                                     "reads all of a store, runs some of its trials again", verify};

}  // namespace memscale
