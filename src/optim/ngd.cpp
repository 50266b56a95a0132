#include "memscale/optim/ngd.hpp"

namespace memscale {

Matrix Ngd::update(const Matrix& gradient, const StepContext& context) {
  const double norm = context.space.norm(gradient);
  if (norm == 0) return gradient;
  return gradient / norm;
}

}  // namespace memscale
