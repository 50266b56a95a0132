#pragma once

#include "memscale/commands/command.hpp"

namespace memscale {

/// `memscale explain`: what a trial is, and why it is where it is. Only reads.
int explain(const std::vector<std::string>& arguments);

inline constexpr Command explain_verb{"explain", "ID [STORE|JOB]", "says what a trial is, how it went or why it waits",
                                      explain};

}  // namespace memscale
