#pragma once

#include <ctime>

#include "catch.hpp"

namespace memscale {

/// Processor seconds that this thread has used.
inline double thread_seconds() {
  timespec time{};
  REQUIRE(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

}  // namespace memscale
