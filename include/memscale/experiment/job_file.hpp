#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "memscale/experiment/grid.hpp"
#include "memscale/experiment/run_policy.hpp"
#include "memscale/experiment/trial.hpp"

namespace memscale {

/// What `memscale run` is asked to do.
struct Job {
  std::vector<Trial> trials;       ///< canonical, each once, in grid order
  std::vector<std::uint64_t> ids;  ///< of `trials`
  std::string text;                ///< the job file as read
  std::string flags;               ///< those that changed its trials, "--grid.d 64,128 ..."
  std::string parameters;          ///< see job_parameters
  RunPolicy policy;
};

/// Reads a job file (INI, sections [grid], [problem], [train], [muon], [newton], [run]) and flags of the form
/// {"--grid.d", "64,128"} or {"--grid.d=64,128"}, which win. Throws InputError: a file that cannot be read, an unknown
/// key (with the nearest match), a value out of range, an empty grid.
Job read_job(const std::filesystem::path& file, const std::vector<std::string>& flags);

/// The grid that a job file's text and flags describe, not yet expanded. `name` begins the messages about the text.
/// Throws InputError as read_job does.
Grid parse_grid(const std::string& text, const std::string& name, const std::vector<std::string>& flags);

}  // namespace memscale
