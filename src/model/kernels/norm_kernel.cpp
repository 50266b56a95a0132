#include "memscale/model/norm_kernel.hpp"

#include <cstring>

// Compiled once for each instruction set (MEMSCALE_KERNEL names the function). No contraction and as many lanes in
// each: all versions give the same bytes.

namespace memscale {

double MEMSCALE_KERNEL(const float* x, const float* scale, std::int64_t columns) {
  constexpr std::int64_t lanes = 8;
  using Floats = float __attribute__((vector_size(lanes * sizeof(float))));
  using Doubles = double __attribute__((vector_size(lanes * sizeof(double))));
  const auto add = [](Doubles& sums, const Floats& value, const Floats& factor) {
    const Doubles scaled = __builtin_convertvector(value, Doubles) * __builtin_convertvector(factor, Doubles);
    sums += scaled * scaled;
  };
  Doubles even{}, odd{};  // two sums: an addition need not wait for the one before
  std::int64_t k = 0;
  for (; k + 2 * lanes <= columns; k += 2 * lanes) {
    Floats value[2], factor[2];
    std::memcpy(value, x + k, sizeof value);
    std::memcpy(factor, scale + k, sizeof factor);
    add(even, value[0], factor[0]);
    add(odd, value[1], factor[1]);
  }
  even += odd;
  double sum = 0;
  for (std::int64_t lane = 0; lane < lanes; ++lane) sum += even[lane];
  for (; k < columns; ++k) {
    const double scaled = static_cast<double>(x[k]) * static_cast<double>(scale[k]);
    sum += scaled * scaled;
  }
  return sum;
}

}  // namespace memscale
