#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace memscale {

/// A verb of the command line.
struct Command {
  std::string_view name;
  std::string_view usage;    ///< what follows the name
  std::string_view purpose;  ///< one line
  /// Takes the arguments after the verb, returns the exit status. Throws InputError.
  int (*run)(const std::vector<std::string>& arguments);
};

}  // namespace memscale
