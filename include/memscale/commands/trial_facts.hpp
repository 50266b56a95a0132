#pragma once

#include <optional>
#include <string>
#include <vector>

#include "memscale/commands/find_trial.hpp"
#include "memscale/experiment/grid.hpp"

namespace memscale {

/// A trial, and where it was found.
struct TrialFacts {
  Trial trial;
  std::uint64_t id = 0;
  std::string job;     ///< which job gives it: "job 1 of fig2.h5", "fig2.cfg"; empty: none that can be read
  TrialList siblings;  ///< that job's trials, this one among them
  const OpenStore* store = nullptr;  ///< that holds it, or whose job gives it; none of a job file
  std::optional<Record> record;
};

/// The lines of `memscale explain`, each "name: ...". `now` in seconds since 1970. May run small trials for about a
/// second where nothing else tells how long the trial takes.
std::string facts_text(const TrialFacts& facts, double now);

}  // namespace memscale
