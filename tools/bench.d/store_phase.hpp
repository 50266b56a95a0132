#pragma once

#include <string>

namespace memscale::bench {

/// Does one phase of the store's benchmark, in this process, and prints what it measured as a line of JSON, with the
/// process's peak memory as "peak". The request: {"phase": NAME, "job": FILE, "store": FILE, "steps": N, ...}.
void take_store_phase(const std::string& request);

}  // namespace memscale::bench
