#pragma once

#include "memscale/optim/optimizer.hpp"
#include "memscale/optim/optimizer_options.hpp"

namespace memscale {

/// Muon without momentum: the update is msgn(G), msgn(U S V^T) = U V^T, by the orthogonalizer of the options.
class Muon : public Optimizer {
 public:
  explicit Muon(const OptimizerOptions& options) : options_(options) {}
  Matrix update(const Matrix& gradient, const StepContext& context) const override;

 private:
  OptimizerOptions options_;
};

}  // namespace memscale
