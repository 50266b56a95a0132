#include "memscale/model/softmax_kernel.hpp"

#include <cmath>
#include <cstring>
#include <limits>

#include "softmax_tile.hpp"

// Compiled once for each instruction set (MEMSCALE_KERNEL names the function). Flash attention with keys = values = U:
// a block of competitors meets all panels of queries before the next comes. Queries lie in vector lanes, so the softmax
// over competitors is elementwise over rows, without horizontal sums.

namespace memscale {

namespace {

/// A query's exponents are taken from a reference that follows its largest score so far, and may lag by this much: 2^20
/// times 1e9 competitors is far from overflow, and most blocks need no rescaling.
constexpr float most_lag = 20;

struct Panel {
  alignas(64) float reference[panel];
  double sum[panel];  ///< sum_j 2^(t_ij - reference)
  const float* x;     ///< (d, panel), 0 in lanes without a query
  float* total;       ///< (d, panel), sum_j 2^(t_ij - reference) u_j
  const std::int64_t* own;
  int count;
};

/// Competitors first .. first + count - 1.
struct Block {
  Index first, count;
  const float* u;  ///< (count, d), rows `stride` apart
  Index stride;
};

/// Fewer in high dimensions, so that a block takes about 256 KiB of the second-level cache.
Index block_rows(Index d) {
  return d < 512 ? softmax_block : d < 1024 ? softmax_block / 2 : softmax_block / 4;
}

/// Rows an odd number of cache lines apart: powers of two would fall on the same few sets of the caches.
Index padded_stride(Index d) {
  return ((d + 15) / 16 | 1) * 16;
}

void pack(const float* rows, Index count, Index d, float* columns) {
  for (Index k = 0; k < d; ++k) {
    for (Index q = 0; q < panel; ++q) columns[k * panel + q] = q < count ? rows[q * d + k] : 0;
  }
}

/// The own items' scores become -inf: they are left out by index, never by value.
void mask_own(const Panel& queries, const Block& block, float* scores) {
  for (int q = 0; q < queries.count; ++q) {
    const Index row = queries.own[q] - block.first;
    if (row >= 0 && row < block.count) scores[row * panel + q] = -std::numeric_limits<float>::infinity();
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
void follow_largest(const float* scores, const Block& block, Index d, Panel& queries) {
  alignas(64) float largest[panel], factors[vector_lanes];
  find_largest(scores, block.count, largest);
  for (int half = 0; half < panel; half += vector_lanes) {
    const Floats found = load(largest + half), before = load(queries.reference + half);
    const Floats limit = before + broadcast(most_lag);
    if (!any_above(found, limit)) continue;
    const Floats after = select_above(found, limit, found, before);
    const Floats factor = select_above(found, limit, exp2_of(before - after), broadcast(1));
    store(queries.reference + half, after);
    if (block.first == 0) continue;
    store(factors, factor);
    for (int lane = 0; lane < vector_lanes; ++lane) queries.sum[half + lane] *= factors[lane];
    if (!queries.total) continue;
    for (Index k = 0; k < d; ++k) {
      float* row = queries.total + k * panel + half;
      store(row, load(row) * factor);
    }
  }
}

/// Scores t become 2^(t - reference), and are added up.
void exponentiate(float* scores, Index rows, Panel& queries) {
  const Floats reference0 = load(queries.reference), reference1 = load(queries.reference + vector_lanes);
  Floats sum0 = broadcast(0), sum1 = broadcast(0);
  for (Index j = 0; j < rows; ++j) {
    float* row = scores + j * panel;
    const Floats p0 = exp2_of(load(row) - reference0), p1 = exp2_of(load(row + vector_lanes) - reference1);
    store(row, p0);
    store(row + vector_lanes, p1);
    sum0 = sum0 + p0;
    sum1 = sum1 + p1;
  }
  alignas(64) float sums[panel];
  store(sums, sum0);
  store(sums + vector_lanes, sum1);
  for (int q = 0; q < panel; ++q) queries.sum[q] += sums[q];
}

/// The scores' tiles bring `bytes` from `ahead` on nearer.
void add_block(const Block& block, Index d, float* scores, Panel& queries, const char* ahead, Index bytes) {
  const Index terms = (block.count + tile_rows - 1) / tile_rows * d;
  const Ahead part{ahead, (bytes + terms - 1) / terms};
  multiply<Layout::plain>(block.count, block.u, block.stride, queries.x, d, scores, false, &part);
  mask_own(queries, block, scores);
  follow_largest(scores, block, d, queries);
  exponentiate(scores, block.count, queries);
  if (!queries.total) return;
  multiply<Layout::transposed>(d, block.u, block.stride, scores, block.count, queries.total, block.first > 0);
}

void finish(const Panel& queries, Index d, double* log2_sum, float* mean) {
  for (int q = 0; q < queries.count; ++q) log2_sum[q] = queries.reference[q] + std::log2(queries.sum[q]);
  if (!mean) return;
  for (int q = 0; q < queries.count; ++q) {
    const float scale = queries.sum[q] == 0 ? 0 : static_cast<float>(1 / queries.sum[q]);
    for (Index k = 0; k < d; ++k) mean[q * d + k] = queries.total[k * panel + q] * scale;
  }
}

}  // namespace

void MEMSCALE_KERNEL(const float* u, std::int64_t items, std::int64_t d, const SoftmaxQueries& queries,
                     float* workspace) {
  static_assert(panel <= widest_softmax_panel);
  const Index stride = padded_stride(d), panels = (queries.count + panel - 1) / panel, size = d * panel;
  float* const packed = workspace;
  float* const totals = packed + panels * size;
  float* const scores = totals + panels * size;
  float* const copy = scores + softmax_block * panel;
  Panel states[most_softmax_queries / panel];
  for (Index p = 0; p < panels; ++p) {
    const Index first = p * panel, rest = queries.count - first;
    Panel& state = states[p];
    for (int q = 0; q < panel; ++q) {
      state.reference[q] = std::numeric_limits<float>::lowest();
      state.sum[q] = 0;
    }
    state.x = packed + p * size;
    state.total = queries.mean ? totals + p * size : nullptr;
    state.own = queries.own + first;
    state.count = static_cast<int>(rest < panel ? rest : panel);
    pack(queries.x + first * d, state.count, d, packed + p * size);
  }
  const Index rows = block_rows(d);
  for (Index first = 0; first < items; first += rows) {
    const Block block{first, items - first < rows ? items - first : rows, copy, stride};
    for (Index j = 0; j < block.count; ++j) {
      std::memcpy(copy + j * stride, u + (first + j) * d, static_cast<std::size_t>(d) * sizeof(float));
    }
    // each panel brings a part of the next block to the second-level cache, the last block's panels nothing new
    const Index next = first + block.count, after = items - next < rows ? items - next : rows;
    const Index bytes = after * d * static_cast<Index>(sizeof(float)) / panels;
    const char* ahead = reinterpret_cast<const char*>(after > 0 ? u + next * d : copy);
    for (Index p = 0; p < panels; ++p) add_block(block, d, scores, states[p], ahead + p * bytes, bytes);
  }
  for (Index p = 0; p < panels; ++p) {
    const Index first = p * panel;
    finish(states[p], d, queries.log2_sum + first, queries.mean ? queries.mean + first * d : nullptr);
  }
}

}  // namespace memscale
