#include "memscale/model/softmax_kernel.hpp"

#include <cstring>

#include "softmax_tile.hpp"

// Compiled once for each instruction set (MEMSCALE_KERNEL names the function). Flash attention with keys = values = U:
// a block of competitors meets all panels of queries before the next comes.

namespace memscale {

namespace {

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
void add_block(const Block& block, Index d, const float* x, float* scores, Panel& queries, const char* ahead,
               Index bytes) {
  const Index terms = (block.count + tile_rows - 1) / tile_rows * d;
  const Ahead part{ahead, (bytes + terms - 1) / terms};
  multiply<Layout::plain>(block.count, block.u, block.stride, x, d, scores, false, &part);
  mask_own(queries, block.first, block.count, scores);
  follow_largest(scores, block.first, block.count, d, queries);
  exponentiate(scores, block.count, queries);
  if (!queries.total) return;
  multiply<Layout::transposed>(d, block.u, block.stride, scores, block.count, queries.total, block.first > 0);
}

}  // namespace

void MEMSCALE_KERNEL(const float* u, std::int64_t items, std::int64_t d, const SoftmaxQueries& queries,
                     float* workspace) {
  const Index stride = padded_stride(d), panels = (queries.count + panel - 1) / panel, size = d * panel;
  float* const packed = workspace;
  float* const totals = packed + panels * size;
  float* const scores = totals + panels * size;
  float* const copy = scores + softmax_block * panel;
  Panel states[most_softmax_queries / panel];
  for (Index p = 0; p < panels; ++p) {
    states[p] = start_panel(queries, p * panel, totals + p * size);
    pack(queries.x + p * panel * d, states[p].count, d, packed + p * size);
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
    for (Index p = 0; p < panels; ++p) {
      add_block(block, d, packed + p * size, scores, states[p], ahead + p * bytes, bytes);
    }
  }
  for (Index p = 0; p < panels; ++p) finish(states[p], p * panel, d, queries);
}

}  // namespace memscale
