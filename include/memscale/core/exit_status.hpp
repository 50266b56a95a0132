#pragma once

namespace memscale {

/// What every memscale program ends with.
enum ExitStatus : int {
  exit_done = 0,       ///< all work is done
  exit_failures = 1,   ///< some trials failed
  exit_bad_input = 2,  ///< one line on stderr says which key, value and range
  exit_work_left = 75  ///< stopped in order (EX_TEMPFAIL): run the same command again
};

}  // namespace memscale
