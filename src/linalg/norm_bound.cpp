#include "memscale/linalg/norm_bound.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "memscale/linalg/blas.hpp"

namespace memscale {

namespace {

using Index = Eigen::Index;

/// A^T A, block of rows by block of rows.
MatrixF gram(const MatrixF& a, ThreadTeam& team) {
  constexpr Index block = 128;
  const Index n = a.cols();
  MatrixF c(n, n);
  team.run(static_cast<std::size_t>((n + block - 1) / block), [&](std::size_t task, int) {
    const Index first = static_cast<Index>(task) * block, rows = std::min(block, n - first);
    blas::gemm(blas::Op::transpose, blas::Op::none, 1.0f, a.middleCols(first, rows), a, 0.0f,
               c.middleRows(first, rows));
  });
  return c;
}

double frobenius(const MatrixF& a) {
  double sum = 0;
  for (Index row = 0; row < a.rows(); ++row) sum += a.row(row).cast<double>().squaredNorm();
  return std::sqrt(sum);
}

}  // namespace

// For ||A||_F = 1: M = A^T A has trace 1, and with R = M - I/n, ||A||_2^2 = ||M||_2 <= 1/n + ||R||_2. Then ||R||_2^2 =
// ||R^T R||_2, again and again, until the Frobenius norm ends it. A computed product X^T X is off by at most gamma_n
// ||X||_F^2 in the Frobenius norm, gamma_n = n e / (1 - n e), e = 2^-24; the matrices are scaled to ||X||_F = 1, so
// that nothing over- or underflows, and 8 e more counts the rounding of that.
double spectral_norm_bound(const MatrixF& a, ThreadTeam& team) {
  constexpr int most_squarings = 4;
  const Index n = a.rows();
  const double e = std::ldexp(1.0, -24), order = static_cast<double>(n), gamma = order * e / (1 - order * e);
  const double norm = frobenius(a), error = gamma + 8 * e, centre = 1 / order;
  if (norm == 0 || n == 1) return norm * (1 + 1e-6);
  MatrixF r = gram(a * static_cast<float>(1 / norm), team);
  r.diagonal().array() -= static_cast<float>(centre);
  double root = frobenius(r), bound = centre + error + root;
  std::vector<double> sizes{root};  // Frobenius norms before scaling: ||R_k||_2 <= s_k sqrt(||R_(k+1)||_2 + error)
  for (int squaring = 0; squaring < most_squarings && root > 0.1 * centre; ++squaring) {
    r = gram(r * static_cast<float>(1 / sizes.back()), team);
    root = frobenius(r);
    const double size = root, before = bound;
    for (auto s = sizes.rbegin(); s != sizes.rend(); ++s) root = *s * std::sqrt(root + error);
    sizes.push_back(size);
    bound = std::min(bound, centre + error + root);
    if (bound > 0.93 * before) break;
  }
  return norm * std::sqrt(bound) * (1 + 1e-6);
}

}  // namespace memscale
