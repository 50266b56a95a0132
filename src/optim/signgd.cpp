#include "memscale/optim/signgd.hpp"

namespace memscale {

Matrix SignGd::update(const Matrix& gradient, const StepContext&) {
  return gradient.cwiseSign();
}

}  // namespace memscale
