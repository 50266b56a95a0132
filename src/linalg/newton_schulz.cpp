#include "memscale/linalg/newton_schulz.hpp"

#include "memscale/linalg/blas.hpp"

namespace memscale {

Matrix newton_schulz(const Matrix& g, std::span<const NewtonSchulzStep> steps) {
  const double norm = g.stableNorm();
  return norm == 0 ? g : newton_schulz_of_scaled(g / norm, steps);
}

Matrix newton_schulz_of_scaled(Matrix x, std::span<const NewtonSchulzStep> steps) {
  using blas::Op;
  Matrix a(x.rows(), x.rows()), b(x.rows(), x.rows()), next(x.rows(), x.cols());
  for (const NewtonSchulzStep& step : steps) {
    // X <- aX + (bA + cA^2) X, A = X X^T
    blas::gemm(Op::none, Op::transpose, 1.0, x, x, 0.0, a);
    b = step.b * a;
    if (step.c != 0) blas::gemm(Op::none, Op::none, step.c, a, a, 1.0, b);
    next = step.a * x;
    blas::gemm(Op::none, Op::none, 1.0, b, x, 1.0, next);
    x.swap(next);
  }
  return x;
}

}  // namespace memscale
