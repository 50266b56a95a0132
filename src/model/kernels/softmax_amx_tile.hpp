#pragma once

#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
// False positives of GCC 12 inside its own intrinsics (GCC bug 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

#include <cstdint>

#include "amx_tiles.hpp"
#include "softmax_panel.hpp"

// Products of float32 matrices by the AMX unit, which multiplies tiles of bfloat16 (8 bits of mantissa) 16 times as
// fast as FMA does float32. Each number is the sum of three parts, x = x0 + x1 + x2, each the bfloat16 nearest to what
// the earlier ones leave; after them 2^-27 |x| is left at most. Of the nine products, x0 y0 + x0 y1 + x1 y0 + x1 y1 +
// x0 y2 + x2 y0 are added up in float32, and the others are below 2^-26 |x y|. Denormal parts count as 0.

namespace memscale {

namespace {

using Bf16 = std::uint16_t;  ///< a bfloat16's bits

/// Operands lie as the tiles want them. 16 rows of 32 terms make a tile. A step is 32 rows (or columns) of 32 terms:
/// for each part, two tiles. A strip is the steps, one after the other, of 32 rows (or columns) and all their terms.
constexpr Index edge = 32, tile_size = 16 * edge, part_size = 2 * tile_size, step_size = 3 * part_size;
static_assert(panel == edge);

/// n up to whole strips.
Index round_up(Index n) {
  return (n + edge - 1) / edge * edge;
}

/// Tiles 4 and 5 <- a part of A.
inline void load_a(const Bf16* step, int part) {
  _tile_loadd(4, step + part * part_size, 64);
  _tile_loadd(5, step + part * part_size + tile_size, 64);
}

/// Tiles 6 and 7 <- a part of B.
inline void load_b(const Bf16* step, int part) {
  _tile_loadd(6, step + part * part_size, 64);
  _tile_loadd(7, step + part * part_size + tile_size, 64);
}

inline void add_products() {
  _tile_dpbf16ps(0, 4, 6);
  _tile_dpbf16ps(1, 4, 7);
  _tile_dpbf16ps(2, 5, 6);
  _tile_dpbf16ps(3, 5, 7);
}

/// C (32, 32) <- A B, or C += A B where it says add, with a strip of A and one of B, `steps` long. Calls meanwhile()
/// six times a step, whose vector instructions run beside those of the tiles.
template <class Meanwhile>
inline void multiply(const Bf16* a, const Bf16* b, Index steps, float* c, bool add, Meanwhile&& meanwhile) {
  constexpr Index row_bytes = edge * sizeof(float);
  settle_memory();
  if (add) {
    _tile_loadd(0, c, row_bytes);
    _tile_loadd(1, c + 16, row_bytes);
    _tile_loadd(2, c + 16 * edge, row_bytes);
    _tile_loadd(3, c + 16 * edge + 16, row_bytes);
  } else {
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
  }
  const auto add_and = [&] {
    add_products();
    meanwhile();
  };
  for (Index step = 0; step < steps; ++step, a += step_size, b += step_size) {
    // C += a0 b2 + a0 b1 + a1 b1 + a1 b0 + a2 b0 + a0 b0: one operand changes at a time
    load_a(a, 0);
    load_b(b, 2);
    add_and();
    load_b(b, 1);
    add_and();
    load_a(a, 1);
    add_and();
    load_b(b, 0);
    add_and();
    load_a(a, 2);
    add_and();
    load_a(a, 0);
    add_and();
  }
  _tile_stored(0, c, row_bytes);
  _tile_stored(1, c + 16, row_bytes);
  _tile_stored(2, c + 16 * edge, row_bytes);
  _tile_stored(3, c + 16 * edge + 16, row_bytes);
}

}  // namespace

}  // namespace memscale
