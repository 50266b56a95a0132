#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "memscale/core/thread_team.hpp"
#include "memscale/model/competitors.hpp"
#include "memscale/model/gaussian_memory.hpp"

namespace memscale {

/// W times a power of two, so that the largest entry of W D lies in [1/2, 1): D evens out the inputs, x = W v = (W D)
/// (D^-1 v).
struct ScaledWeights {
  /// `weights` (d, d) finite and not 0; `input_scale` is D^-1.
  ScaledWeights(const Matrix& weights, const std::vector<float>& input_scale);

  int exponent = 0;      ///< of that power: scores are 2^exponent times those of W
  Matrix exact;          ///< (d, d)
  MatrixF plain;         ///< the same in float32
  MatrixF balanced;      ///< times D
  double frobenius = 0;  ///< at least ||exact D||_F
};

/// One call of find_recovered, as its stages see it.
struct CapacityCheck {
  const GaussianMemory& memory;
  const Competitors& competitors;
  const ScaledWeights& weights;
  double margin;  ///< in the units of the scaled scores
  ThreadTeam& team;
};

/// gamma_n = n e / (1 - n e), e = 2^-24: |fl(x.y) - x.y| <= gamma_n |x|.|y| in float32 for any order of summation.
double float_gamma(std::int64_t n);

/// The stages. Each returns those of `items` (ascending) that it could not prove to be lost, ascending.

inline constexpr std::int64_t int8_block = 1024;  ///< items that reject_by_int8 takes together

/// By 8-bit estimates of the own score and of the scores of the first competitors. Returns `items` as they are where
/// its bounds are hopeless (W nearly of rank one), and without 8-bit kernels. Each int8_block of `items`, and the rest
/// after the last whole one, must be adjacent items.
std::vector<std::int64_t> reject_by_int8(const CapacityCheck& check, std::vector<std::int64_t> items);

/// By float32 scores of the competitors of the head.
std::vector<std::int64_t> reject_by_float(const CapacityCheck& check, const std::vector<std::int64_t>& items);

/// By all competitors, and in float64 where bounds do not decide: what is left is recovered.
std::vector<std::int64_t> reject_exactly(const CapacityCheck& check, const std::vector<std::int64_t>& items);

}  // namespace memscale
