#pragma once

#include <string>
#include <vector>

namespace memscale {

/// A store that results came from.
struct StoreSource {
  std::string path;          ///< as given
  std::string version;       ///< of the memscale that wrote it
  std::string job_text;      ///< the last run's job file
  std::string command_line;  ///< the last run's
};

/// Where the analysed results came from.
struct FitSource {
  std::vector<StoreSource> stores;

  /// "a.h5, b.h5"
  std::string paths() const {
    std::string text;
    for (const StoreSource& store : stores) text.append(text.empty() ? "" : ", ").append(store.path);
    return text;
  }
};

}  // namespace memscale
