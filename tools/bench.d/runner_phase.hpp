#pragma once

#include <string>

namespace memscale::bench {

/// Takes one measurement of the runner in this process, or as one of the ranks of mpirun; prints one line of JSON on
/// the first. `request`: {"job": FILE, "store": FILE}: empty trials.
void take_runner_phase(const std::string& request);

}  // namespace memscale::bench
