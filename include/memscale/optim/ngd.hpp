#pragma once

#include "memscale/optim/optimizer.hpp"

namespace memscale {

/// Normalised gradient descent: the update is G / ||G||_F, and 0 for G = 0.
class Ngd : public Optimizer {
 public:
  Matrix update(const Matrix& gradient, const StepContext& context) override;
};

}  // namespace memscale
