#pragma once

#include "softmax_amx_tile.hpp"

// float32 matrices to strips of tiles (softmax_amx_tile.hpp): A has its 32 terms in a row, B in 16 rows of
// pairs of terms, a pair for each of 16 columns.

namespace memscale {

namespace {

/// The float32 numbers whose upper halves are the lower or upper halves of each 32 bits.
inline Floats from_lower(__m512i pairs) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(pairs, 16));
}
inline Floats from_upper(__m512i pairs) {
  return _mm512_castsi512_ps(_mm512_and_si512(pairs, _mm512_set1_epi32(static_cast<int>(0xffff0000u))));
}

constexpr struct Interleave {
  constexpr Interleave() {
    for (int i = 0; i < 32; ++i) at[i] = static_cast<std::uint16_t>(i / 2 + 16 * (i % 2));
  }
  alignas(64) std::uint16_t at[32] = {};
} interleave;

/// The three parts, each 16 pairs of an even and an odd term's.
inline void split_pairs(Floats even, Floats odd, __m512i* parts) {
  const __m512i order = _mm512_load_si512(interleave.at);
  for (int part = 0; part < 3; ++part) {
    parts[part] = _mm512_permutexvar_epi16(order, (__m512i)_mm512_cvtne2ps_pbh(odd, even));
    even = even - from_lower(parts[part]);
    odd = odd - from_upper(parts[part]);
  }
}

/// x[0 .. left), at most 16 of it, and 0 in the other lanes.
inline Floats load_first(const float* x, Index left) {
  const unsigned lanes = left >= 16 ? 0xffff : left <= 0 ? 0 : (1u << left) - 1;
  return _mm512_maskz_loadu_ps(static_cast<__mmask16>(lanes), x);
}

/// The three parts, each 32 terms in order, of x[0 .. left) and zeros.
inline void split_terms(const float* x, Index left, __m512i* parts) {
  Floats lower = load_first(x, left), upper = load_first(left > 16 ? x + 16 : x, left - 16);
  for (int part = 0; part < 3; ++part) {
    parts[part] = (__m512i)_mm512_cvtne2ps_pbh(upper, lower);
    lower = lower - from_lower(_mm512_cvtepu16_epi32(_mm512_castsi512_si256(parts[part])));
    upper = upper - from_lower(_mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64(parts[part], 1)));
  }
}

/// Exchanges rows and columns of (16, 16) numbers of 32 bits: bit by bit of their indices.
inline void transpose(__m512i* rows) {
#pragma GCC unroll 4
  for (int bit = 1; bit < 16; bit *= 2) {
    alignas(64) std::int32_t first[16], second[16];
    for (int lane = 0; lane < 16; ++lane) {
      first[lane] = lane & bit ? 16 + lane - bit : lane;
      second[lane] = lane & bit ? 16 + lane : lane + bit;
    }
    const __m512i take_first = _mm512_load_si512(first), take_second = _mm512_load_si512(second);
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) {
      if (i & bit) continue;
      const __m512i a = rows[i], b = rows[i + bit];
      rows[i] = _mm512_permutex2var_epi32(a, take_first, b);
      rows[i + bit] = _mm512_permutex2var_epi32(a, take_second, b);
    }
  }
}

/// A part of a step of A, 32 rows of 32 terms, to that of its transpose.
inline void transpose_part(const Bf16* from, Bf16* to) {
  for (int half = 0; half < 2; ++half) {
    __m512i pairs[16];  // of rows 2 i and 2 i + 1, with lane 4 l + m for term 8 l + 4 half + m
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) {
      const __m512i even = _mm512_load_si512(from + 2 * i * edge), odd = _mm512_load_si512(from + (2 * i + 1) * edge);
      pairs[i] = half == 0 ? _mm512_unpacklo_epi16(even, odd) : _mm512_unpackhi_epi16(even, odd);
    }
    transpose(pairs);
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) _mm512_store_si512(to + (i / 4 * 8 + 4 * half + i % 4) * edge, pairs[i]);
  }
}

/// Competitors u (count, d) to strips of A with coordinates for terms, and, unless it is null, to strips of A of the
/// transpose, with competitors for terms. Both are filled up with zeros.
void split_competitors(const float* u, Index count, Index d, Bf16* strips, Bf16* transposed) {
  const Index steps = round_up(d) / edge, strip_count = round_up(count) / edge;
  for (Index strip = 0; strip < strip_count; ++strip) {
    for (Index step = 0; step < steps; ++step) {
      Bf16* const to = strips + (strip * steps + step) * step_size;
      for (Index row = 0; row < edge; ++row) {
        const Index j = strip * edge + row;
        __m512i parts[3];
        split_terms(j < count ? u + j * d + step * edge : u, j < count ? d - step * edge : 0, parts);
        for (int part = 0; part < 3; ++part) _mm512_store_si512(to + part * part_size + row * edge, parts[part]);
      }
      if (!transposed) continue;
      Bf16* const turned = transposed + (step * strip_count + strip) * step_size;
      for (int part = 0; part < 3; ++part) transpose_part(to + part * part_size, turned + part * part_size);
    }
  }
}

/// A panel's queries x (count, d) to a strip of B, filled up with zeros.
void split_queries(const float* x, Index count, Index d, Bf16* strip) {
  const __m512i column = _mm512_setr_epi32(0, 16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240);
  for (Index step = 0; step < round_up(d) / edge; ++step) {
    for (Index q = 0; q < edge; ++q) {
      Bf16* const to = strip + step * step_size + q / 16 * tile_size + q % 16 * 2;
      __m512i parts[3];
      split_terms(q < count ? x + q * d + step * edge : x, q < count ? d - step * edge : 0, parts);
      for (int part = 0; part < 3; ++part) _mm512_i32scatter_epi32(to + part * part_size, column, parts[part], 4);
    }
  }
}

}  // namespace

}  // namespace memscale
