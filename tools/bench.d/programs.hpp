#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "companion.hpp"

namespace memscale::bench {

using Command = std::vector<std::string>;

/// A program of memscale's that stands beside this one: "memscale".
std::string program(const std::string& name);

/// `command` on so many ranks.
Command on_ranks(int ranks, Command command);

/// The line of JSON that a program prints before it ends well. Throws std::runtime_error where it does not.
nlohmann::json reply_of(const Command& command);

/// A program at work whose output goes to a file.
class QuietRun {
 public:
  /// Throws std::runtime_error where it cannot be started.
  QuietRun(const Command& command, const std::filesystem::path& log);
  /// Waits for it. Throws std::runtime_error with the last line that it wrote unless its exit status is 0.
  void finish();

 private:
  std::filesystem::path log_;
  Companion process_;
};

}  // namespace memscale::bench
