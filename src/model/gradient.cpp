#include "memscale/model/gradient.hpp"

#include "memscale/model/weighted_product.hpp"

namespace memscale {

Matrix gradient_at_zero(const GaussianMemory& memory, const Vector& q) {
  return weighted_product(memory.u, column_means(memory.u), q, memory.v);
}

}  // namespace memscale
