#pragma once

#include "memscale/optim/optimizer.hpp"

namespace memscale {

/// Gradient descent: the update is G.
class Gd : public Optimizer {
 public:
  Matrix update(const Matrix& gradient, const StepContext& context) override;
};

}  // namespace memscale
