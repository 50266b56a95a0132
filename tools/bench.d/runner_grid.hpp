#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

#include "folder.hpp"

namespace memscale::bench {

/// A grid of real trials that takes one rank about `seconds`, run in turns, `rounds` times, by one rank without mpirun,
/// by two ranks under mpirun, and twice at once by one rank each; seconds of whole processes:
/// {"trials": ..., "one": [...], "two": [...], "pair": [...], "one_idle": ..., "two_idle": ...}, the last with nothing
/// left to run. Throws std::runtime_error where a run fails.
nlohmann::json measure_grid(const Folder& folder, double seconds, std::int64_t rounds);

}  // namespace memscale::bench
