#include "memscale/linalg/blas.hpp"
#include "memscale/linalg/matrix_space.hpp"
#include "memscale/linalg/newton_schulz.hpp"
#include "memscale/linalg/polar.hpp"

namespace memscale {

double DenseSpace::norm(const Matrix& x) const {
  return x.stableNorm();
}

double DenseSpace::inner(const Matrix& x, const Matrix& y) const {
  return x.cwiseProduct(y).sum();
}

Matrix DenseSpace::polar_factor(const Matrix& x) const {
  return memscale::polar_factor(x);
}

Matrix DenseSpace::regularized_polar_factor(const Matrix& x, double lambda) const {
  return memscale::regularized_polar_factor(x, lambda);
}

Matrix DenseSpace::newton_schulz(const Matrix& x, std::span<const NewtonSchulzStep> steps) const {
  return memscale::newton_schulz(x, steps);
}

Vector DenseSpace::singular_values(const Matrix& x) const {
  return blas::singular_values(x);
}

}  // namespace memscale
