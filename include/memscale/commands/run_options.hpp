#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace memscale {

/// The command line of `memscale run`.
struct RunOptions {
  bool help = false;
  std::filesystem::path job;
  std::filesystem::path store;
  int threads = 1;                     ///< of each rank
  bool force = false;                  ///< also where the job changes what the store's jobs fixed
  std::vector<std::string> job_flags;  ///< "--section.key", "value" and "--section.key=value", in order
  std::string command_line;            ///< as typed, quotes aside
};

inline constexpr std::string_view run_usage = "JOB -o STORE [--threads N] [--force] [--section.key value ...]";

/// Reads the arguments after `run`. Throws InputError, also for a missing JOB or STORE unless help is asked for.
RunOptions parse_run_options(const std::vector<std::string>& arguments);

/// RunOptions::threads, or 1 for arguments that parse_run_options refuses: every rank asks, and one of them tells.
int threads_of(const std::vector<std::string>& arguments);

}  // namespace memscale
