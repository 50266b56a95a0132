#pragma once

#include <string>

namespace memscale::bench {

/// `memscale-bench --fit-phase REQUEST`: writes a store of records with a planted capacity, or runs a command, and
/// prints one line of JSON: for a command its seconds, CPU seconds and peak memory in bytes.
void take_fit_phase(const std::string& request);

}  // namespace memscale::bench
