#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "memscale/store/provenance.hpp"

namespace memscale {

/// The flags of a job as a store records them, "--grid.d 64,128 --train.eta 2", one by one: name, value, name, value.
std::vector<std::string> split_flags(const std::string& flags);

/// The trials that a store's jobs have.
struct JobTrials {
  std::vector<std::uint64_t> ids;     ///< ascending, each once
  std::vector<std::string> problems;  ///< why a job's trials are not known, one line each
};

/// Reads the jobs again as this program does. A job of another physics version, one that formats 1 and 2 recorded
/// without its flags, or one whose text it no longer understands is a problem.
JobTrials trials_of(const std::vector<JobEntry>& jobs);

}  // namespace memscale
