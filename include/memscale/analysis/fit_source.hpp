#pragma once

#include <string>

namespace memscale {

/// Where the analysed results came from.
struct FitSource {
  std::string store;         ///< path as given
  std::string version;       ///< of the memscale that wrote it
  std::string job_text;      ///< the last run's job file
  std::string command_line;  ///< the last run's
};

}  // namespace memscale
