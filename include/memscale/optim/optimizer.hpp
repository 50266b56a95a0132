#pragma once

#include <functional>

#include "memscale/model/gaussian_memory.hpp"

namespace memscale {

/// What an optimizer may look at besides the gradient.
struct StepContext {
  const GaussianMemory& memory;
  const Vector& p;                                   ///< item frequencies of the population, (items)
  std::function<const Matrix&()> output_covariance;  ///< C_u (d, d), made at the first call and shared by trials
};

/// Turns a negative gradient into an update: W <- W + eta update.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  /// The update (d, d) for the negative gradient G (d, d), which must be finite. Throws std::runtime_error where the
  /// update does not exist (a singular Hessian), with a message for the trial's record.
  virtual Matrix update(const Matrix& gradient, const StepContext& context) const = 0;
};

}  // namespace memscale
