#include "memscale/model/normal_kernel.hpp"

#include <bit>
#include <cmath>
#include <cstring>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

// Compiled once for each instruction set (MEMSCALE_KERNEL names the function). IEEE operations alone and no
// contraction: all versions give the same bytes.

namespace memscale {

namespace {

#if defined(__AVX512F__)
constexpr int vector_bytes = 64, chains = 8;
#elif defined(__AVX2__)
constexpr int vector_bytes = 32, chains = 4;
#else
constexpr int vector_bytes = 16, chains = 4;
#endif
constexpr int vector_lanes = vector_bytes / 8;
using Vector = std::uint64_t __attribute__((vector_size(vector_bytes)));
using Doubles = double __attribute__((vector_size(vector_bytes)));

/// Words of Philox blocks side by side, one in the low half of each element.
using Words = std::uint64_t[normal_lanes];
using Lanes = double[normal_lanes];

/// out = (.. (c_0 z + c_1) z + ..) z + c_last in each lane, several vectors side by side: alone, each would wait for
/// its own last operation, and the CPU sees too few of the others.
template <int terms>
inline void polynomial(const double (&c)[terms], const Lanes& z, Lanes& out) {
  for (int lane = 0; lane < normal_lanes; lane += chains * vector_lanes) {
    Doubles x[chains], sum[chains];
    std::memcpy(x, z + lane, sizeof x);
#pragma GCC unroll 8
    for (int j = 0; j < chains; ++j) sum[j] = Doubles{} + c[0];
#pragma GCC unroll 10
    for (int term = 1; term < terms; ++term)
#pragma GCC unroll 8
      for (int j = 0; j < chains; ++j) sum[j] = sum[j] * x[j] + c[term];
    std::memcpy(out + lane, sum, sizeof sum);
  }
}

/// w as a float64: in the mantissa of 2^52, less `offset`.
inline double as_double(std::uint64_t w, double offset) {
  return std::bit_cast<double>((w & 0xffffffff) | 0x4330000000000000) - offset;
}

constexpr double unit = 1.0 / 4294967296.0, two_52 = 4503599627370496.0;
constexpr double to_integer = 6755399441055744.0;  // 2^52 + 2^51: adding it rounds to a whole number

/// radii = sqrt(-2 ln u), u = (a + 1/2) / 2^32, ln u to about 1e-15: u = m 2^e with m in [sqrt(1/2), sqrt(2)),
/// ln m = 2 atanh(s), s = (m - 1) / (m + 1).
inline void radii_of(const Words& a, Lanes& radii) {
  constexpr double ln2 = 0.693147180559945309417;
  alignas(64) Lanes arguments, squares, series, multiples;
  for (int i = 0; i < normal_lanes; ++i) {
    const auto bits = std::bit_cast<std::uint64_t>(as_double(a[i], two_52 - 0.5) * unit);
    // 0x3fe6a09e667f3bcd = sqrt(1/2): the difference carries into the exponent where the mantissa is above it
    const std::uint64_t shifted = bits - 0x3fe6a09e667f3bcdULL;
    const auto exponent = static_cast<std::int64_t>(shifted) >> 52;
    const double m = std::bit_cast<double>(bits - (static_cast<std::uint64_t>(exponent) << 52));
    // exponent as a double without a 64-bit conversion, which AVX2 lacks: in the mantissa of 2^52 + 2^51
    multiples[i] =
        (std::bit_cast<double>(static_cast<std::uint64_t>(exponent) + 0x4338000000000000ULL) - to_integer) * ln2;
    arguments[i] = (m - 1) / (m + 1);
    squares[i] = arguments[i] * arguments[i];
  }
  // |s| <= 0.1716: the next term, 2 s^21 / 21, is below 1e-17
  polynomial({1. / 19, 1. / 17, 1. / 15, 1. / 13, 1. / 11, 1. / 9, 1. / 7, 1. / 5, 1. / 3, 1.}, squares, series);
  for (int i = 0; i < normal_lanes; ++i) radii[i] = std::sqrt(-2 * (multiples[i] + 2 * arguments[i] * series[i]));
}

/// Box-Muller: radius sqrt(-2 ln u), angle of t = b / 2^32 turns, 4t = q + f with |f| <= 1/2: sine and cosine of
/// x = f pi / 2 by their Taylor series, to about 1e-16, then q quarter turns.
inline void box_muller(const Words& a, const Words& b, Lanes& cosines, Lanes& sines) {
  constexpr double half_pi = 1.57079632679489661923;
  alignas(64) Lanes radii, angles, squares, sine_series, cosine_series;
  alignas(64) Words turns;
  radii_of(a, radii);
  for (int i = 0; i < normal_lanes; ++i) {
    const double quarters = as_double(b[i], two_52) * (4 * unit), shifted = quarters + to_integer;
    turns[i] = std::bit_cast<std::uint64_t>(shifted);
    angles[i] = (quarters - (shifted - to_integer)) * half_pi;
    squares[i] = angles[i] * angles[i];
  }
  polynomial(
      {-1. / 1307674368000 /* 1 / 15! */, 1. / 6227020800, -1. / 39916800, 1. / 362880, -1. / 5040, 1. / 120, -1. / 6},
      squares, sine_series);
  polynomial({1. / 20922789888000 /* 1 / 16! */, -1. / 87178291200, 1. / 479001600, -1. / 3628800, 1. / 40320,
              -1. / 720, 1. / 24, -1. / 2, 1.},
             squares, cosine_series);
  for (int i = 0; i < normal_lanes; ++i) {
    // quarter turns as bit operations, which vectorise where selections do not: odd q swaps sine and cosine, then signs
    const std::uint64_t q = turns[i];
    const auto sine = std::bit_cast<std::uint64_t>(radii[i] * (angles[i] + angles[i] * squares[i] * sine_series[i]));
    const auto cosine = std::bit_cast<std::uint64_t>(radii[i] * cosine_series[i]);
    const std::uint64_t swapped = (sine ^ cosine) & (0 - (q & 1));
    sines[i] = std::bit_cast<double>(sine ^ swapped ^ ((q & 2) << 62));
    cosines[i] = std::bit_cast<double>(cosine ^ swapped ^ (((q + 1) & 2) << 62));
  }
}

/// Which block of which item each lane makes.
struct Counters {
  Words block, item;

  Counters(std::uint64_t first_item, std::uint64_t blocks) {
    std::uint64_t b = 0, i = first_item;
    for (int lane = 0; lane < normal_lanes; ++lane) {
      block[lane] = b;
      item[lane] = i;
      if (++b == blocks) b = 0, ++i;
    }
  }

  /// By normal_lanes blocks.
  void advance(std::uint64_t blocks) {
    const std::uint64_t items = normal_lanes / blocks, rest = normal_lanes % blocks;
    for (int lane = 0; lane < normal_lanes; ++lane) {
      const std::uint64_t past = block[lane] + rest - blocks, within = past >> 63;  // 1 where it is negative
      block[lane] = past + (blocks & (0 - within));
      item[lane] += items + 1 - within;
    }
  }
};

/// Products of the low halves: one instruction, which compilers do not find.
inline Vector multiply(Vector a, Vector b) {
#if defined(__AVX512F__)
  return (Vector)_mm512_maskz_mul_epu32(0xff, (__m512i)a,
                                        (__m512i)b);  // maskz: GCC 12 warns of the plain one (bug 105593)
#elif defined(__AVX2__)
  return (Vector)_mm256_mul_epu32((__m256i)a, (__m256i)b);
#elif defined(__SSE2__)
  return (Vector)_mm_mul_epu32((__m128i)a, (__m128i)b);
#else
  return (a & 0xffffffff) * (b & 0xffffffff);
#endif
}

/// Philox4x32-10 on counters (block, item, domain); Random123's own function takes one at a time (the tests hold the
/// two together). High halves of elements are arbitrary between rounds.
void philox(std::uint64_t seed, std::uint32_t domain, const Counters& counters, Words* words) {
  const Vector multiplier0 = Vector{} + 0xD2511F53, multiplier1 = Vector{} + 0xCD9E8D57;
  for (int lane = 0; lane < normal_lanes; lane += vector_lanes) {
    Vector c0, c1;
    std::memcpy(&c0, counters.block + lane, sizeof c0);
    std::memcpy(&c1, counters.item + lane, sizeof c1);
    Vector c2 = c1 >> 32, c3 = Vector{} + domain;
    auto k0 = static_cast<std::uint32_t>(seed), k1 = static_cast<std::uint32_t>(seed >> 32);
#pragma GCC unroll 10
    for (int round = 0; round < 10; ++round) {
      const Vector product0 = multiply(c0, multiplier0), product1 = multiply(c2, multiplier1);
      c0 = (product1 >> 32) ^ c1 ^ k0;
      c1 = product1;
      c2 = (product0 >> 32) ^ c3 ^ k1;
      c3 = product0;
      k0 += 0x9E3779B9;
      k1 += 0xBB67AE85;
    }
    std::memcpy(words[0] + lane, &c0, sizeof c0);
    std::memcpy(words[1] + lane, &c1, sizeof c1);
    std::memcpy(words[2] + lane, &c2, sizeof c2);
    std::memcpy(words[3] + lane, &c3, sizeof c3);
  }
}

}  // namespace

void MEMSCALE_KERNEL(std::uint64_t seed, std::uint32_t domain, std::uint64_t first_item, std::int64_t items,
                     std::int64_t d, const double* scales, float* rows) {
  const std::int64_t blocks = (d + 3) / 4, stride = blocks + normal_lanes;
  const auto count = static_cast<std::uint64_t>(blocks);
  Counters counters(first_item, count);
  alignas(64) Words words[4];
  alignas(64) Lanes normals[4];
  alignas(64) float values[normal_lanes][4];
  for (std::int64_t left = items * blocks; left > 0; left -= normal_lanes, counters.advance(count)) {
    philox(seed, domain, counters, words);
    box_muller(words[0], words[1], normals[0], normals[1]);
    box_muller(words[2], words[3], normals[2], normals[3]);
    const double* scale = scales + counters.block[0];
    for (int lane = 0; lane < normal_lanes; ++lane)
      for (int w = 0; w < 4; ++w) values[lane][w] = static_cast<float>(normals[w][lane] * scale[w * stride + lane]);
    // item by item, as the last block of each may be cut short
    const std::int64_t lanes = left < normal_lanes ? left : normal_lanes;
    for (std::int64_t lane = 0; lane < lanes;) {
      const auto block = static_cast<std::int64_t>(counters.block[lane]);
      const std::int64_t run = blocks - block < lanes - lane ? blocks - block : lanes - lane;
      const std::int64_t floats = d - 4 * block < 4 * run ? d - 4 * block : 4 * run;
      std::memcpy(rows, values[lane], static_cast<std::size_t>(floats) * sizeof(float));
      rows += floats;
      lane += run;
    }
  }
}

}  // namespace memscale
