#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "memscale/experiment/trial.hpp"

namespace memscale {

/// Bytes of main memory that a rank of `threads` threads holds at its peak when it runs this canonical trial, the
/// program itself included. For items times d of a million and more it is seldom below what a run measures (cost's
/// peak_memory), and at most about a quarter above.
std::int64_t estimate_memory(const Trial& trial, int threads);

/// The trial that needs most; nullptr of none.
const Trial* most_demanding(const std::vector<Trial>& trials, int threads);

/// Throws InputError, with a remedy, where a trial needs more than its rank's share of `available` bytes, which
/// `ranks_on_node` ranks of `threads` threads have together.
void require_memory(const std::vector<Trial>& trials, int threads, int ranks_on_node, std::int64_t available);

/// "612 GiB", "1.5 GiB", "96 MiB"
std::string size_text(std::int64_t bytes);

}  // namespace memscale
