#pragma once

#include "softmax_panel.hpp"

namespace memscale {

namespace {

/// Which way A lies in memory, as rows `stride` apart: A(r, k) = a[r stride + k], or a[k stride + r].
enum class Layout { plain, transposed };

/// Memory that will be wanted soon: a tile brings `step` bytes of it to the second-level cache for each of its
/// products' terms, so that waiting for it hides behind the arithmetic.
struct Ahead {
  const char* from;
  Index step;
};

/// C (rows, panel) <- A B, with A (rows, depth), B (depth, panel); C += A B where it says add.
template <Layout layout, int rows>
void multiply_tile(const float* a, Index stride, const float* b, Index depth, float* c, bool add, const Ahead* ahead) {
  Floats sum[rows][2];
#pragma GCC unroll 16
  for (int r = 0; r < rows; ++r) sum[r][0] = sum[r][1] = broadcast(0);
  for (Index k = 0; k < depth; ++k) {
    if constexpr (layout == Layout::plain) __builtin_prefetch(ahead->from + k * ahead->step, 0, 2);
    const Floats b0 = load(b + k * panel), b1 = load(b + k * panel + vector_lanes);
#pragma GCC unroll 16
    for (int r = 0; r < rows; ++r) {
      const Floats factor = broadcast(layout == Layout::plain ? a[r * stride + k] : a[k * stride + r]);
      sum[r][0] = multiply_add(factor, b0, sum[r][0]);
      sum[r][1] = multiply_add(factor, b1, sum[r][1]);
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < rows; ++r) {
    float* row = c + r * panel;
    store(row, add ? load(row) + sum[r][0] : sum[r][0]);
    store(row + vector_lanes, add ? load(row + vector_lanes) + sum[r][1] : sum[r][1]);
  }
}

/// multiply_tile for 1 <= rows <= most.
template <Layout layout, int most = tile_rows>
void multiply_rows(int rows, const float* a, Index stride, const float* b, Index depth, float* c, bool add,
                   const Ahead* ahead) {
  if (rows == most) return multiply_tile<layout, most>(a, stride, b, depth, c, add, ahead);
  if constexpr (most > 1) multiply_rows<layout, most - 1>(rows, a, stride, b, depth, c, add, ahead);
}

/// The same for any number of rows, in tiles of even height. `ahead` is for Layout::plain: tile after tile reads on.
template <Layout layout>
void multiply(Index rows, const float* a, Index stride, const float* b, Index depth, float* c, bool add,
              const Ahead* ahead = nullptr) {
  const Index tiles = (rows + tile_rows - 1) / tile_rows;
  Index first = 0;
  for (Index tile = 0; tile < tiles; ++tile) {
    const Index end = rows * (tile + 1) / tiles;
    Ahead part{};
    if (ahead) part = {ahead->from + tile * depth * ahead->step, ahead->step};
    multiply_rows<layout>(static_cast<int>(end - first), a + first * (layout == Layout::plain ? stride : 1), stride, b,
                          depth, c + first * panel, add, &part);
    first = end;
  }
}

}  // namespace

}  // namespace memscale
