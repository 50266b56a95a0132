#pragma once

#include <string>

#include "memscale/store/provenance.hpp"

namespace memscale {

/// `job` with what it fixes, where an earlier version did not write that down and this one can read its text.
/// `command_line` is that of the run that recorded it, blanks between the arguments, or empty where it is not known:
/// its "--section.key" flags are the job's, if it has none.
JobEntry with_parameters(JobEntry job, const std::string& command_line);

}  // namespace memscale
