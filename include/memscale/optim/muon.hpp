#pragma once

#include <vector>

#include "memscale/optim/optimizer.hpp"
#include "memscale/optim/optimizer_options.hpp"

namespace memscale {

/// Muon: M <- mu M + G from M = 0, the update is msgn(M), msgn(U S V^T) = U V^T, by the orthogonalizer of the options.
class Muon : public Optimizer {
 public:
  /// Throws std::invalid_argument where the options name no orthogonalizer, or newton-schulz without coefficients.
  explicit Muon(const OptimizerOptions& options);
  Matrix update(const Matrix& gradient, const StepContext& context) override;
  /// M, which is G itself without momentum.
  const Matrix& direction(const Matrix& gradient) const override;
  void save(ByteWriter& out) const override;
  void load(ByteReader& in, Eigen::Index rows, Eigen::Index columns) override;

 private:
  Orthogonalizer orthogonalizer_;
  double lambda_, mu_;
  std::vector<NewtonSchulzStep> newton_schulz_;
  Matrix momentum_;  ///< M; empty before the first step and for mu = 0
};

}  // namespace memscale
