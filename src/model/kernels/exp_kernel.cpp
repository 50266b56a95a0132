#include "memscale/model/exp_kernel.hpp"

#include <cstring>

// Compiled once for each instruction set (MEMSCALE_KERNEL names the function). No contraction and as many lanes in
// each: all versions give the same bytes.

namespace memscale {

namespace {

constexpr std::int64_t lanes = 8;
using Doubles = double __attribute__((vector_size(lanes * sizeof(double))));
using Bits = std::int64_t __attribute__((vector_size(lanes * sizeof(std::int64_t))));

constexpr double lowest = -706;  // above the logarithm of the smallest normal number

/// 1 / 13!, ..., 1 / 2!: the rest of e^r is 4e-18 of it for |r| <= log(2) / 2.
constexpr double taylor[] = {1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800,
                             1.0 / 362880,     1.0 / 40320,     1.0 / 5040,     1.0 / 720,
                             1.0 / 120,        1.0 / 24,        1.0 / 6,        0.5};

/// y <- e^x to two units in the last place for x <= 0.
inline void exponentiate(const Doubles& x, Doubles& y) {
  // Adding 1.5 2^52 rounds to a whole number n, in the low bits; those of n + 1023, as an exponent, are 2^n.
  constexpr double to_integer = 6755399441055744.0;
  const Doubles shifted = x * 1.4426950408889634 + to_integer, n = shifted - to_integer;
  const Doubles r = (x - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10;  // x - n log 2, in two parts
  Doubles p = r * taylor[0] + taylor[1];
  for (int k = 2; k < 12; ++k) p = p * r + taylor[k];
  p = (p * r) * r + r;
  const Bits scale = ((Bits)shifted + 1023) << 52;
  const Doubles power = (p + 1.0) * (Doubles)scale;
  y = x < lowest ? Doubles{} : power;
}

}  // namespace

double MEMSCALE_KERNEL(const double* s, double top, const double* counts, std::int64_t columns, double* e) {
  Doubles even{}, odd{};  // two sums: an addition need not wait for the one before
  const auto add = [top](const double* scores, const double* times, double* powers, Doubles& sums) {
    Doubles x, n, y;
    std::memcpy(&x, scores, sizeof x);
    std::memcpy(&n, times, sizeof n);
    exponentiate(x - top, y);
    std::memcpy(powers, &y, sizeof y);
    sums += n * y;
  };
  std::int64_t k = 0;
  for (; k + 2 * lanes <= columns; k += 2 * lanes) {
    add(s + k, counts + k, e + k, even);
    add(s + k + lanes, counts + k + lanes, e + k + lanes, odd);
  }
  for (; k < columns; k += lanes) {
    // What is behind the end counts 0 times.
    double scores[lanes], times[lanes] = {}, powers[lanes];
    for (double& score : scores) score = top;
    const std::int64_t left = columns - k < lanes ? columns - k : lanes;
    const auto bytes = static_cast<std::size_t>(left) * sizeof(double);
    std::memcpy(scores, s + k, bytes);
    std::memcpy(times, counts + k, bytes);
    add(scores, times, powers, even);
    std::memcpy(e + k, powers, bytes);
  }
  even += odd;
  double sum = 0;
  for (std::int64_t lane = 0; lane < lanes; ++lane) sum += even[lane];
  return sum;
}

}  // namespace memscale
