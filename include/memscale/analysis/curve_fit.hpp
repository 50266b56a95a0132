#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "memscale/analysis/estimate.hpp"
#include "memscale/analysis/goodness.hpp"
#include "memscale/analysis/law_point.hpp"

namespace memscale {

/// f(x; theta), which also writes df/dtheta_k to gradient[k].
using Curve = std::function<double(double x, std::span<const double> theta, std::span<double> gradient)>;

struct CurveFit {
  std::vector<double> values;  ///< theta
  std::vector<Estimate> by_seeds, by_fit;
  /// Of theta_k, one a resample that was fitted anew; empty where a point has one seed alone. Not finite where a
  /// resample has no fit.
  std::vector<std::vector<float>> deviations;
  std::vector<double> freedom;  ///< Student's nu of theta_k
  Goodness goodness;
};

/// y = f(x; theta) by nonlinear least squares (Levenberg-Marquardt with geodesic acceleration, GSL) from `start`.
/// Nothing where it does not converge, or the points do not determine theta. Intervals: `resamples` of the seeds, each
/// fitted anew from theta; and from the covariance s^2 (J^T J)^-1, J = df/dtheta.
std::optional<CurveFit> fit_curve(std::span<const LawPoint> points, const Curve& curve, std::vector<double> start,
                                  std::size_t resamples = 1000);

/// Of `wanted` resamples, as many as each of so many curves may take: each is a fit of its own, some 10 microseconds,
/// so that there are fewer of them where there are thousands of curves.
std::size_t affordable_resamples(std::size_t wanted, std::size_t curves);

}  // namespace memscale
