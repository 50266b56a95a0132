#pragma once

#include <string_view>

namespace memscale {

/// Writes "memscale: text" as one line to stderr, where all messages go; results go to stdout.
void say(std::string_view text);

}  // namespace memscale
