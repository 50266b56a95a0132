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

/// ln u for u in (0, 1], to about 1e-15: u = m 2^e with m in [sqrt(1/2), sqrt(2)), ln m = 2 atanh(s), s = (m - 1) / (m
/// + 1).
inline double natural_log(double u) {
  constexpr double ln2 = 0.693147180559945309417;
  const auto bits = std::bit_cast<std::uint64_t>(u);
  // 0x3fe6a09e667f3bcd = sqrt(1/2): the difference carries into the exponent where the mantissa is above it
  const std::uint64_t shifted = bits - 0x3fe6a09e667f3bcdULL;
  const auto exponent = static_cast<std::int64_t>(shifted) >> 52;
  const double m = std::bit_cast<double>(bits - (static_cast<std::uint64_t>(exponent) << 52));
  const double s = (m - 1) / (m + 1), z = s * s;  // |s| <= 0.1716: the next term, 2 s^21 / 21, is below 1e-17
  double series = 1. / 19;
  series = series * z + 1. / 17;
  series = series * z + 1. / 15;
  series = series * z + 1. / 13;
  series = series * z + 1. / 11;
  series = series * z + 1. / 9;
  series = series * z + 1. / 7;
  series = series * z + 1. / 5;
  series = series * z + 1. / 3;
  series = series * z + 1;
  // exponent as a double without a 64-bit conversion, which AVX2 lacks: 2^52 + 2^51 + e in the mantissa
  const double shifted_exponent =
      std::bit_cast<double>(static_cast<std::uint64_t>(exponent) + 0x4338000000000000ULL) - 6755399441055744.0;
  return shifted_exponent * ln2 + 2 * s * series;
}

/// Taylor series for |x| <= pi / 4, to about 1e-16.
inline double small_sine(double x) {
  const double z = x * x;
  double s = -1. / 1307674368000;  // 1 / 15!
  s = s * z + 1. / 6227020800;
  s = s * z - 1. / 39916800;
  s = s * z + 1. / 362880;
  s = s * z - 1. / 5040;
  s = s * z + 1. / 120;
  s = s * z - 1. / 6;
  return x + x * z * s;
}

inline double small_cosine(double x) {
  const double z = x * x;
  double c = 1. / 20922789888000;  // 1 / 16!
  c = c * z - 1. / 87178291200;
  c = c * z + 1. / 479001600;
  c = c * z - 1. / 3628800;
  c = c * z + 1. / 40320;
  c = c * z - 1. / 720;
  c = c * z + 1. / 24;
  c = c * z - 1. / 2;
  return 1 + z * c;
}

/// Words of Philox blocks side by side, one in the low half of each element.
using Words = std::uint64_t[normal_lanes];

/// w as a float64: in the mantissa of 2^52, less `offset`.
inline double as_double(std::uint64_t w, double offset) {
  return std::bit_cast<double>((w & 0xffffffff) | 0x4330000000000000) - offset;
}

/// Box-Muller: radius sqrt(-2 ln u) with u = (a + 1/2) / 2^32, angle of t = b / 2^32 turns, 4t = q + f with |f| <= 1/2:
/// sine and cosine of f pi / 2, then q quarter turns.
void box_muller(const Words& a, const Words& b, double* __restrict cosines, double* __restrict sines) {
  constexpr double unit = 1.0 / 4294967296.0, half_pi = 1.57079632679489661923, two_52 = 4503599627370496.0;
  constexpr double to_integer = 6755399441055744.0;  // 2^52 + 2^51: adding it rounds to a whole number
  alignas(64) double radii[normal_lanes];
  for (int i = 0; i < normal_lanes; ++i) radii[i] = -2 * natural_log(as_double(a[i], two_52 - 0.5) * unit);
  for (int i = 0; i < normal_lanes; ++i) {
    const double radius = std::sqrt(radii[i]);
    const double quarters = as_double(b[i], two_52) * (4 * unit), shifted = quarters + to_integer;
    const double x = (quarters - (shifted - to_integer)) * half_pi;
    // quarter turns as bit operations, which vectorise where selections do not: odd q swaps sine and cosine, then signs
    const auto q = std::bit_cast<std::uint64_t>(shifted);
    const auto sine = std::bit_cast<std::uint64_t>(radius * small_sine(x));
    const auto cosine = std::bit_cast<std::uint64_t>(radius * small_cosine(x));
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

#if defined(__AVX512F__)
using Vector = std::uint64_t __attribute__((vector_size(64)));
#elif defined(__AVX2__)
using Vector = std::uint64_t __attribute__((vector_size(32)));
#else
using Vector = std::uint64_t __attribute__((vector_size(16)));
#endif

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
  constexpr int lanes = sizeof(Vector) / sizeof(std::uint64_t);
  const Vector multiplier0 = Vector{} + 0xD2511F53, multiplier1 = Vector{} + 0xCD9E8D57;
  for (int lane = 0; lane < normal_lanes; lane += lanes) {
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
  alignas(64) double normals[4][normal_lanes];
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
