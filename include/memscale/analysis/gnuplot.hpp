#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace memscale {

/// How a program that was run ended.
struct ProcessEnd {
  bool found = true;    ///< false: there is no such program
  int status = 0;       ///< exit status, or 128 + the signal that ended it
  std::string message;  ///< first line that it wrote to stdout or stderr
};

/// Runs `arguments` (program first, looked up in PATH) in `folder` by fork and execvp, no shell, standard input empty,
/// and waits. Throws std::system_error where the system refuses.
ProcessEnd run_program(const std::vector<std::string>& arguments, const std::filesystem::path& folder);

/// `text` as an expression in a gnuplot script: single quotes, in which gnuplot expands nothing; a line break becomes
/// its own string, other control characters a blank.
std::string gnuplot_quoted(const std::string& text);

}  // namespace memscale
