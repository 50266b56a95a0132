#pragma once

#include <Eigen/Core>
#include <limits>
#include <span>

#include "memscale/analysis/law_point.hpp"

namespace memscale {

/// How well a law fits its points.
struct Goodness {
  std::int64_t points = 0;
  std::int64_t parameters = 0;
  double rms = 0;  ///< root mean square of the residuals (in natural logarithms where the law is a power)
  double r_squared = std::numeric_limits<double>::quiet_NaN();  ///< 1 - residual / total sum of squares
  /// Chi squared of the residuals by their covariance over seeds, over points - parameters: the least that any
  /// parameters near the fitted ones give, as the fit itself weights points alike. NaN where a point has fewer than
  /// four seeds, points share seeds, or there are no more points than parameters.
  double reduced_chi_squared = std::numeric_limits<double>::quiet_NaN();
  /// Chance of a larger one if the law holds exactly. Of Hotelling's kind: as standard errors of few seeds are rough
  /// themselves, by F(points - parameters, sum of (seeds - 1)), each square times (n - 3) / (n - 1).
  double p_value = std::numeric_limits<double>::quiet_NaN();

  /// Akaike's criterion of least squares, corrected for few points: of two laws the lower one's is to be preferred.
  /// Infinite where there are too few points for it.
  double akaike() const;

  bool operator==(const Goodness&) const = default;
};

/// Of fitted values at the points, and their derivatives by the parameters (points, parameters).
Goodness goodness_of(std::span<const LawPoint> points, std::span<const double> fitted, const Eigen::MatrixXd& jacobian);

}  // namespace memscale
