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
  const double n = static_cast<double>(singular_values.size());
  return std::max(8.0, std::sqrt(n)) * std::numeric_limits<double>::epsilon() * singular_values(0);
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

PolarDistance polar_distance(const Matrix& update, const Matrix& polar_factor) {
  const double cosine = update.cwiseProduct(polar_factor).sum() / (update.stableNorm() * polar_factor.norm());
  return {.distance = (update - polar_factor).norm() / std::sqrt(static_cast<double>(update.rows())),
          .cosine = std::clamp(cosine, -1.0, 1.0)};
}

}  // namespace memscale
