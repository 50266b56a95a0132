#include "memscale/commands/say.hpp"

#include <cstdio>
#include <string>

#include "memscale/core/error.hpp"

namespace memscale {

void say(std::string_view text) {
  const std::string line = "memscale: " + single_line(text) + '\n';
  std::fputs(line.c_str(), stderr);  // one write: stderr may be shared with other ranks
}

}  // namespace memscale
