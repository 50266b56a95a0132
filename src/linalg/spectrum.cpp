#include "memscale/linalg/spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace memscale {

namespace {

/// The `fraction` quantile of descending values, linear between neighbours (NumPy's default).
double quantile(const Vector& descending, double fraction) {
  const double position = (1 - fraction) * static_cast<double>(descending.size() - 1);
  const auto below = static_cast<Eigen::Index>(position);
  if (below + 1 == descending.size()) return descending(below);
  const double share = position - static_cast<double>(below);
  return (1 - share) * descending(below) + share * descending(below + 1);
}

}  // namespace

double singular_value_cutoff(const Vector& singular_values) {
  return singular_value_cutoff(singular_values(0), singular_values.size());
}

double singular_value_cutoff(double largest, Eigen::Index n) {
  return std::max(8.0, std::sqrt(static_cast<double>(n))) * std::numeric_limits<double>::epsilon() * largest;
}

Spectrum spectrum_of(const Vector& singular_values) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const auto n = singular_values.size();
  Spectrum spectrum{singular_values(0), singular_values(n - 1), nan, nan, nan, nan};
  if (spectrum.largest == 0) return spectrum;
  const double cutoff = singular_value_cutoff(singular_values) / spectrum.largest;
  const Vector squares =
      (singular_values / spectrum.largest).unaryExpr([&](double s) { return s > cutoff ? s * s : 0; });  // no overflow
  const Vector q = squares / squares.sum();
  double entropy = 0;
  for (double share : q)
    if (share > 0) entropy -= share * std::log(share);
  spectrum.entropy = n == 1 ? 1 : entropy / std::log(static_cast<double>(n));
  spectrum.effective_rank = std::exp(entropy);
  spectrum.top_energy = q.head((n + 9) / 10).sum();
  const double q25 = quantile(squares, 0.25);
  spectrum.quartile_ratio = q25 > 0 ? quantile(squares, 0.75) / q25 : std::numeric_limits<double>::infinity();
  return spectrum;
}

PolarDistance polar_distance(const MatrixSpace& space, const Matrix& update, const Matrix& polar_factor) {
  const auto length = [&](const Matrix& x) { return std::sqrt(space.inner(x, x)); };
  const double cosine = space.inner(update, polar_factor) / (space.norm(update) * length(polar_factor));
  return {.distance = length(update - polar_factor) / std::sqrt(static_cast<double>(space.size())),
          .cosine = std::clamp(cosine, -1.0, 1.0)};
}

}  // namespace memscale
