#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "memscale/experiment/grid.hpp"
#include "memscale/store/provenance.hpp"

namespace memscale {

/// The flags of a job as a store records them, "--grid.d 64,128 --train.eta 2", one by one: name, value, name, value.
std::vector<std::string> split_flags(const std::string& flags);

/// Calls f with the number (from 1) and the trials of each job that this program can read; returns why not of the
/// others, one line each: a job of another physics version, one that formats 1 and 2 recorded without its flags, or one
/// whose text it no longer understands.
std::vector<std::string> for_each_job(const std::vector<JobEntry>& jobs,
                                      const std::function<void(std::size_t number, TrialList trials)>& f);

/// The trials that a store's jobs have.
struct JobTrials {
  std::vector<std::uint64_t> ids;     ///< ascending, each once
  std::vector<std::string> problems;  ///< see for_each_job
};

JobTrials trials_of(const std::vector<JobEntry>& jobs);

}  // namespace memscale
