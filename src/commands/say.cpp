#include "memscale/commands/say.hpp"

#include <cstdio>
#include <string>

namespace memscale {

void say(std::string_view text) {
  const std::string line = "memscale: " + std::string(text) + '\n';
  std::fputs(line.c_str(), stderr);  // one write: stderr may be shared with other ranks
}

}  // namespace memscale
