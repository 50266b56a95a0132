#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "memscale/model/normal_kernel.hpp"

namespace memscale {

/// Stands for what a random number is used for: no two purposes share numbers. Never renumber.
enum class Purpose : std::uint32_t {
  input_embedding = 1,
  output_embedding = 2,
  batch = 3,
  task_inputs = 4,
  task_outputs = 5
};

/// Rows of independent normal numbers, standard deviations `scales`, as a pure function of (seed, purpose, d, item,
/// coordinate): Philox4x32-10 (Salmon et al., SC 2011) and Box-Muller, in IEEE additions, multiplications, divisions
/// and square roots alone, so that every machine, rank and order of calls gives the same bytes.
class GaussianStream {
 public:
  GaussianStream(std::uint64_t seed, Purpose purpose, std::span<const double> scales,
                 NormalKernel* kernel = best_normal_kernel());

  /// rows <- items first_item .. first_item + items - 1 (0-based), (items, d).
  void draw(std::uint64_t first_item, std::int64_t items, float* rows) const;

 private:
  std::uint64_t seed_;
  std::uint32_t domain_;
  std::int64_t d_;
  std::vector<double> scales_;  ///< as the kernel wants them
  NormalKernel* kernel_;
};

}  // namespace memscale
