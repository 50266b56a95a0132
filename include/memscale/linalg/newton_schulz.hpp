#pragma once

#include <span>

#include "memscale/linalg/matrix.hpp"
#include "memscale/linalg/newton_schulz_coefficients.hpp"

namespace memscale {

/// Newton-Schulz approximation of msgn(G), in float64: X <- a X + (b A + c A^2) X with A = X X^T, from X = G / ||G||_F.
/// G (m, n) finite; G = 0 gives 0.
Matrix newton_schulz(const Matrix& g, std::span<const NewtonSchulzStep> steps);

/// The same from X = `x`, which somebody has scaled.
Matrix newton_schulz_of_scaled(Matrix x, std::span<const NewtonSchulzStep> steps);

}  // namespace memscale
