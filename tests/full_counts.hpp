#pragma once

#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

namespace memscale {

/// Whether tests that repeat something at random do it as often as they should (tools/test --full), not just quickly.
inline bool full_counts() {
  const char* text = std::getenv("MEMSCALE_TEST_FULL");
  return text != nullptr && std::string_view(text) == "yes";
}

inline int count_of(int quick, int full) {
  return full_counts() ? full : quick;
}

/// What was done: a line of the test's log, and of the table of tools/test --full.
inline void report(const std::string& what) {
  std::cout << "count: " << what << std::endl;
}

}  // namespace memscale
