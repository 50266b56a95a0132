#pragma once

#include "memscale/optim/optimizer.hpp"

namespace memscale {

/// The exact Newton step at W = 0, where the Hessian is the Kronecker product of C_u and Sigma_v: the update is
/// C_u^-1 G (sum_i p_i v_i v_i^T + ridge I)^-1, C_u = covariance of the u_j (arXiv 2603.26554).
class Newton : public Optimizer {
 public:
  explicit Newton(double ridge) : ridge_(ridge) {}
  Matrix update(const Matrix& gradient, const StepContext& context) override;

 private:
  double ridge_;
};

}  // namespace memscale
