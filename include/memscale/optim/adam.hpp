#pragma once

#include <cstdint>

#include "memscale/optim/optimizer.hpp"
#include "memscale/optim/optimizer_options.hpp"

namespace memscale {

/// Adam (Kingma and Ba, arXiv 1412.6980, Algorithm 1), elementwise: m <- beta1 m + (1 - beta1) G, v <- beta2 v + (1 -
/// beta2) G^2, the update is m^ / (sqrt(v^) + epsilon), m^ = m / (1 - beta1^t), v^ = v / (1 - beta2^t); 0 where that is
/// 0 / 0. beta1, beta2 in [0, 1), epsilon at least 0.
class Adam : public Optimizer {
 public:
  explicit Adam(const OptimizerOptions& options)
      : beta1_(options.beta1), beta2_(options.beta2), epsilon_(options.epsilon) {}
  Matrix update(const Matrix& gradient, const StepContext& context) override;
  void save(ByteWriter& out) const override;
  void load(ByteReader& in, Eigen::Index rows, Eigen::Index columns) override;

 private:
  double beta1_, beta2_, epsilon_;
  std::int64_t step_ = 0;
  Matrix m_, v_;  ///< empty before the first step
};

}  // namespace memscale
