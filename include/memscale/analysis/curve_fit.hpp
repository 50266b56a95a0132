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

/// How theta follows a resample of the seeds.
enum class Resampling {
  refitted,  ///< by a fit of its own, some 20 microseconds
  linear     ///< by (J^T J)^-1 J^T times the deviations of y, J = df/dtheta
};

struct Resamples {
  std::size_t count = 1000;
  Resampling how = Resampling::refitted;
};

/// So many, refitted; linear where there are more than a hundred curves, as a million fits would take half a minute.
Resamples resamples_of(std::size_t count, std::size_t curves);

/// y = f(x; theta) by nonlinear least squares (Levenberg-Marquardt with geodesic acceleration, GSL) from `start`.
/// Nothing where it does not converge, or the points do not determine theta. Intervals: by resamples of the seeds; and
/// by the covariance s^2 (J^T J)^-1.
std::optional<CurveFit> fit_curve(std::span<const LawPoint> points, const Curve& curve, std::vector<double> start,
                                  Resamples resamples = {});

}  // namespace memscale
