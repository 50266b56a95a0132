#pragma once

#include <cmath>
#include <cstddef>
#include <limits>

#include "memscale/model/softmax_kernel.hpp"
#include "vector.hpp"

// What the streaming softmax keeps of a panel of queries. They lie in vector lanes, so the softmax over competitors is
// elementwise over rows, without horizontal sums.

namespace memscale {

namespace {

using Index = std::ptrdiff_t;

/// Queries side by side: the columns of every matrix here whose rows are `panel` long.
constexpr int panel = 2 * vector_lanes;
static_assert(panel <= widest_softmax_panel);

/// A query's exponents are taken from a reference that follows its largest score so far, and may lag by this much: 2^20
/// times 1e9 competitors is far from overflow, and most blocks need no rescaling.
constexpr float most_lag = 20;

struct Panel {
  alignas(64) float reference[panel];
  double sum[panel];  ///< sum_j 2^(t_ij - reference)
  float* total;       ///< (d, panel), sum_j 2^(t_ij - reference) u_j
  const std::int64_t* own;
  int count;
};

/// The panel of queries first .. first + panel - 1, before it meets a competitor.
Panel start_panel(const SoftmaxQueries& queries, Index first, float* total) {
  Panel state;
  for (int q = 0; q < panel; ++q) {
    state.reference[q] = std::numeric_limits<float>::lowest();
    state.sum[q] = 0;
  }
  state.total = queries.mean ? total : nullptr;
  state.own = queries.own + first;
  state.count = static_cast<int>(queries.count - first < panel ? queries.count - first : panel);
  return state;
}

/// Of the scores with competitors first .. first + rows - 1, the own items' become -inf: they are left out by index,
/// never by value.
void mask_own(const Panel& queries, Index first, Index rows, float* scores) {
  for (int q = 0; q < queries.count; ++q) {
    const Index row = queries.own[q] - first;
    if (row >= 0 && row < rows) scores[row * panel + q] = -std::numeric_limits<float>::infinity();
  }
}

/// The largest score of each query, to `largest` (panel).
void find_largest(const float* scores, Index rows, float* largest) {
  constexpr int chains = 4;  // side by side, as each waits for its last result
  Floats found[chains][2];
  for (auto& chain : found) {
    chain[0] = load(scores);
    chain[1] = load(scores + vector_lanes);
  }
  const auto meet = [](const float* row, Floats* chain) {
    chain[0] = maximum(chain[0], load(row));
    chain[1] = maximum(chain[1], load(row + vector_lanes));
  };
  Index j = 0;
  for (; j + chains <= rows; j += chains) {
    for (int chain = 0; chain < chains; ++chain) meet(scores + (j + chain) * panel, found[chain]);
  }
  for (; j < rows; ++j) meet(scores + j * panel, found[0]);
  for (int half = 0; half < 2; ++half) {
    store(largest + half * vector_lanes,
          maximum(maximum(found[0][half], found[1][half]), maximum(found[2][half], found[3][half])));
  }
}

/// Moves the references that the largest of these scores have left behind, and the sums with them.
void follow_largest(const float* scores, Index first, Index rows, Index d, Panel& queries) {
  alignas(64) float largest[panel], factors[vector_lanes];
  find_largest(scores, rows, largest);
  for (int half = 0; half < panel; half += vector_lanes) {
    const Floats found = load(largest + half), before = load(queries.reference + half);
    const Floats limit = before + broadcast(most_lag);
    if (!any_above(found, limit)) continue;
    const Floats after = select_above(found, limit, found, before);
    const Floats factor = select_above(found, limit, exp2_of(before - after), broadcast(1));
    store(queries.reference + half, after);
    if (first == 0) continue;
    store(factors, factor);
    for (int lane = 0; lane < vector_lanes; ++lane) queries.sum[half + lane] *= factors[lane];
    if (!queries.total) continue;
    for (Index k = 0; k < d; ++k) {
      float* row = queries.total + k * panel + half;
      store(row, load(row) * factor);
    }
  }
}

/// The answers to the panel of queries from `first` on.
void finish(const Panel& state, Index first, Index d, const SoftmaxQueries& queries) {
  for (int q = 0; q < state.count; ++q) {
    queries.log2_sum[first + q] = state.reference[q] + std::log2(state.sum[q]);
    if (!queries.mean) continue;
    const float scale = state.sum[q] == 0 ? 0 : static_cast<float>(1 / state.sum[q]);
    for (Index k = 0; k < d; ++k) queries.mean[(first + q) * d + k] = state.total[k * panel + q] * scale;
  }
}

}  // namespace

}  // namespace memscale
