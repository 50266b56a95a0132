#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "memscale/core/enum_names.hpp"

namespace memscale {

/// Named coefficient sets of the Newton-Schulz iteration X <- a X + (b A + c A^2) X, A = X X^T.
enum class NewtonSchulzSet {
  none,
  jordan,         ///< (3.4445, -4.7750, 2.0315) at each step (Jordan 2024)
  cubic,          ///< (3/2, -1/2, 0), classical
  quintic,        ///< (15/8, -10/8, 3/8), classical
  polar_express,  ///< minimax quintic of each step (Amsel et al., arXiv 2505.16932, Algorithm 1)
  cans            ///< Chebyshev-optimised cubic of each step (Grishina et al., arXiv 2506.10935)
};

template <>
struct EnumNames<NewtonSchulzSet> {
  static constexpr std::array<std::string_view, 6> names{"none", "jordan", "cubic", "quintic", "polar-express", "cans"};
};

/// One step's (a, b, c).
struct NewtonSchulzStep {
  double a, b, c;
};

/// The coefficients of `steps` steps. `lower` in (0, 1): the smallest singular value of G/||G||_F that polar-express
/// and cans are tuned for; the fixed sets ignore it. Throws std::invalid_argument for `none`.
std::vector<NewtonSchulzStep> newton_schulz_coefficients(NewtonSchulzSet set, int steps, double lower);

/// The odd quintic a x + b x^3 + c x^5 that is nearest to 1 on [lower, upper] in the maximum norm.
NewtonSchulzStep minimax_quintic(double lower, double upper);

/// The odd cubic a x + b x^3 that is nearest to 1 on [lower, upper] in the maximum norm.
NewtonSchulzStep minimax_cubic(double lower, double upper);

}  // namespace memscale
