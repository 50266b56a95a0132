#pragma once

#include <immintrin.h>

#include <cstdint>

namespace memscale {

namespace {

/// All eight tiles: 16 rows of 64 bytes.
struct TileShapes {
  std::uint8_t palette = 1, start = 0, reserved[14] = {};
  std::uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};
constexpr TileShapes tile_shapes;  // constant: GCC 12 does not know how much of it is read

/// The tiles are this thread's while the object lives.
class Tiles {
 public:
  Tiles() { _tile_loadconfig(&tile_shapes); }
  ~Tiles() { _tile_release(); }
  Tiles(const Tiles&) = delete;
  Tiles& operator=(const Tiles&) = delete;
};

/// Stores made before it are in memory: GCC 12 does not know that tiles are loaded from there.
inline void settle_memory() {
  asm volatile("" : : : "memory");
}

}  // namespace

}  // namespace memscale
