#pragma once

#include <string>

namespace memscale {

/// Hands `script` to sbatch, which prints the number of the job. Throws InputError where there is no sbatch,
/// std::runtime_error where it refuses.
void submit_script(const std::string& script);

}  // namespace memscale
