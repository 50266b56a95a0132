#pragma once

#include "memscale/linalg/newton_schulz_coefficients.hpp"
#include "memscale/optim/optimizer_kind.hpp"

namespace memscale {

/// Which optimizer, and the parameters of all of them; each reads its own.
struct OptimizerOptions {
  OptimizerKind kind;
  Orthogonalizer orthogonalizer = Orthogonalizer::none;
  double lambda = 0;  ///< regularized
  NewtonSchulzSet ns_coefficients = NewtonSchulzSet::none;
  int ns_steps = 0;
  double ns_lower = 0;
  double ridge = 0;     ///< newton
  double momentum = 0;  ///< muon's mu
  double beta1 = 0;     ///< adam
  double beta2 = 0;     ///< adam
  double epsilon = 0;   ///< adam
};

}  // namespace memscale
