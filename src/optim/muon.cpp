#include "memscale/optim/muon.hpp"

#include <stdexcept>

#include "memscale/linalg/newton_schulz.hpp"
#include "memscale/linalg/polar.hpp"

namespace memscale {

Matrix Muon::update(const Matrix& gradient, const StepContext&) const {
  switch (options_.orthogonalizer) {
    case Orthogonalizer::svd:
      return polar_factor(gradient);
    case Orthogonalizer::regularized:
      return regularized_polar_factor(gradient, options_.lambda);
    case Orthogonalizer::newton_schulz:
      return newton_schulz(gradient,
                           newton_schulz_coefficients(options_.ns_coefficients, options_.ns_steps, options_.ns_lower));
    case Orthogonalizer::none:
      break;
  }
  throw std::invalid_argument("muon without an orthogonalizer");
}

}  // namespace memscale
