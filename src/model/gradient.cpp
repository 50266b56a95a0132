#include "memscale/model/gradient.hpp"

#include "memscale/model/weighted_product.hpp"

namespace memscale {

Matrix gradient_at_zero(const GaussianMemory& memory, const Vector& output_mean, const Batch& batch, ThreadTeam& team) {
  return weighted_product(memory.u, output_mean, batch, memory.v, team);
}

}  // namespace memscale
