#include "memscale/optim/ngd.hpp"

namespace memscale {

Matrix Ngd::update(const Matrix& gradient, const StepContext&) {
  const double norm = gradient.stableNorm();
  if (norm == 0) return gradient;
  return gradient / norm;
}

}  // namespace memscale
