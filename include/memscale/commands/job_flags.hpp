#pragma once

#include <string>
#include <vector>

namespace memscale {

/// Moves the keys of a job that a command line gives, "--section.key VALUE" and "--section.key=VALUE", from `arguments`
/// to the returned list, with their values. Keys of [run] may be given without their section, "--walltime 2h", and
/// more than once: the last counts. Throws
/// InputError where a value is missing.
std::vector<std::string> take_job_flags(std::vector<std::string>& arguments);

}  // namespace memscale
