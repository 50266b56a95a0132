#include "memscale/optim/gd.hpp"

namespace memscale {

Matrix Gd::update(const Matrix& gradient, const StepContext&) const {
  return gradient;
}

}  // namespace memscale
