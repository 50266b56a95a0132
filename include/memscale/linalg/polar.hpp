#pragma once

#include "memscale/linalg/blas.hpp"
#include "memscale/linalg/matrix.hpp"

namespace memscale {

/// msgn(G) = U V^T for G = U S V^T, exact to rounding (svd). As sign(0) = 0, directions without a singular value are
/// left out, so that msgn(0) = 0: those up to singular_value_cutoff. G (m, n) must be finite.
Matrix polar_factor(const blas::Svd& factors);
Matrix polar_factor(const blas::Svd& factors, double cutoff);
Matrix polar_factor(const Matrix& g);

/// h_lambda(G): singular values s -> s / sqrt(s^2 + lambda^2), lambda > 0 (arXiv 2603.26554). G (m, n) must be finite.
Matrix regularized_polar_factor(const blas::Svd& factors, double lambda);
Matrix regularized_polar_factor(const Matrix& g, double lambda);

}  // namespace memscale
