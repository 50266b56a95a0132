#pragma once

#include "memscale/core/thread_team.hpp"

namespace memscale::bench {

/// GFLOP/s, summed over a team all of whose threads are at it, of float32 multiply-adds that touch nothing but
/// registers: what no kernel can exceed. The best of many short runs, 30 ms together, with the widest instruction set
/// that this CPU has.
double fma_peak(ThreadTeam& team);

/// "avx512", "avx2" or "plain", what fma_peak runs.
const char* fma_instructions();

}  // namespace memscale::bench
