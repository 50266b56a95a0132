#include "memscale/optim/gd.hpp"

namespace memscale {

Matrix Gd::update(const Matrix& gradient, const StepContext&) {
  return gradient;
}

}  // namespace memscale
