#pragma once

#include <cstdint>

#include "memscale/core/thread_team.hpp"
#include "memscale/linalg/matrix.hpp"

namespace memscale {

/// The embeddings of a Gaussian associative memory (arXiv 2603.26554, section 2): row i is item i, in float32.
struct GaussianMemory {
  MatrixF u;  ///< outputs, (items, d), u_i ~ N(0, I/d)
  MatrixF v;  ///< inputs, (items, d), v_i ~ N(0, Xi), Xi diagonal with eigenvalues proportional to k^-kappa and trace 1

  Eigen::Index items() const { return u.rows(); }
  Eigen::Index dimension() const { return u.cols(); }
};

/// Embeddings as a function of (seed, item, coordinate) for each d: items 1 .. N are a prefix of items 1 .. N' of the
/// same seed. d and items at least 1, kappa at least 0.
GaussianMemory make_gaussian_memory(std::int64_t d, std::int64_t items, double kappa, std::uint64_t seed,
                                    ThreadTeam& team);

/// (1/N) sum_j (u_j - mean u)(u_j - mean u)^T, (d, d) in float64.
Matrix output_covariance(const GaussianMemory& memory, ThreadTeam& team);

}  // namespace memscale
