#pragma once

#include "memscale/commands/command.hpp"

namespace memscale {

/// `memscale plan`: what a run of a job would do and take; writes nothing.
int plan(const std::vector<std::string>& arguments);

inline constexpr Command plan_verb{"plan", "JOB [-o STORE] [--ranks N] [--threads N] [--section.key value ...]",
                                   "says what a run would do, and what time and memory it needs", plan};

}  // namespace memscale
