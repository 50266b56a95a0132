#pragma once

#include "memscale/optim/optimizer.hpp"

namespace memscale {

/// Sign descent: the update is sign(G) elementwise, sign(0) = 0; tra-signgd where G is given in the task basis. Adam
/// with beta1 = beta2 = epsilon = 0 (arXiv 2509.26030).
class SignGd : public Optimizer {
 public:
  Matrix update(const Matrix& gradient, const StepContext& context) override;
};

}  // namespace memscale
