#include "memscale/model/normal_kernel.hpp"

#include <bit>
#include <cmath>

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

/// Box-Muller: radius sqrt(-2 ln u) with u = (a + 1/2) / 2^32, angle of t = b / 2^32 turns, 4t = q + f with |f| <= 1/2:
/// sine and cosine of f pi / 2, then q quarter turns.
void box_muller(const std::uint32_t* __restrict a, const std::uint32_t* __restrict b, double* __restrict cosines,
                double* __restrict sines) {
  constexpr double unit = 1.0 / 4294967296.0, half_pi = 1.57079632679489661923;
  constexpr double to_integer = 6755399441055744.0;  // 2^52 + 2^51: adding it rounds to a whole number
  for (int i = 0; i < normal_lanes; ++i) {
    const double radius = std::sqrt(-2 * natural_log((a[i] + 0.5) * unit));
    const double quarters = b[i] * (4 * unit), shifted = quarters + to_integer;
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

/// Philox4x32-10 on consecutive counters side by side; Random123's own function takes one at a time (the tests
/// hold the two together).
void philox_words(std::uint64_t seed, std::uint32_t domain, std::uint64_t item, std::uint32_t first_block,
                  std::uint32_t (*words)[normal_lanes]) {
  for (std::uint32_t lane = 0; lane < normal_lanes; ++lane) {
    std::uint32_t c0 = first_block + lane, c1 = static_cast<std::uint32_t>(item),
                  c2 = static_cast<std::uint32_t>(item >> 32), c3 = domain;
    auto k0 = static_cast<std::uint32_t>(seed), k1 = static_cast<std::uint32_t>(seed >> 32);
#pragma GCC unroll 10
    for (int round = 0; round < 10; ++round) {
      const std::uint64_t product0 = std::uint64_t{0xD2511F53} * c0, product1 = std::uint64_t{0xCD9E8D57} * c2;
      c0 = static_cast<std::uint32_t>(product1 >> 32) ^ c1 ^ k0;
      c1 = static_cast<std::uint32_t>(product1);
      c2 = static_cast<std::uint32_t>(product0 >> 32) ^ c3 ^ k1;
      c3 = static_cast<std::uint32_t>(product0);
      k0 += 0x9E3779B9;
      k1 += 0xBB67AE85;
    }
    words[0][lane] = c0;
    words[1][lane] = c1;
    words[2][lane] = c2;
    words[3][lane] = c3;
  }
}

}  // namespace

void MEMSCALE_KERNEL(std::uint64_t seed, std::uint32_t domain, std::uint64_t item, std::uint32_t first_block,
                     double (*normals)[normal_lanes]) {
  std::uint32_t words[4][normal_lanes];
  philox_words(seed, domain, item, first_block, words);
  box_muller(words[0], words[1], normals[0], normals[1]);
  box_muller(words[2], words[3], normals[2], normals[3]);
}

}  // namespace memscale
