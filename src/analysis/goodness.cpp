#include "memscale/analysis/goodness.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <set>

#include "fast_distribution.hpp"

namespace memscale {

namespace {

bool share_seeds(std::span<const LawPoint> points) {
  std::set<std::int64_t> d;
  for (const LawPoint& point : points)
    if (!d.insert(point.d).second) return true;
  return false;
}

constexpr double fewest_seeds = 4;  // Student's t of fewer has no variance

/// The least sum of (residual / standard error)^2 that parameters near the fitted ones give, each standard error
/// widened by E[t^2] = (n - 1) / (n - 3) of Student's t; NaN where one is not known.
double chi_squared(std::span<const LawPoint> points, std::span<const double> fitted, const Eigen::MatrixXd& jacobian) {
  Eigen::MatrixXd weighted = jacobian;
  Eigen::VectorXd residual(jacobian.rows());
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double seeds = points[i].seeds;
    if (seeds < fewest_seeds) return std::numeric_limits<double>::quiet_NaN();
    const double error = points[i].standard_error() * std::sqrt((seeds - 1) / (seeds - 3));
    const auto row = static_cast<Eigen::Index>(i);
    weighted.row(row) /= error;
    residual[row] = (points[i].y - fitted[i]) / error;
  }
  if (!residual.allFinite() || !weighted.allFinite()) return std::numeric_limits<double>::quiet_NaN();
  return (residual - weighted * weighted.colPivHouseholderQr().solve(residual)).squaredNorm();
}

}  // namespace

double Goodness::akaike() const {
  const auto n = static_cast<double>(points), k = static_cast<double>(parameters) + 1;  // the variance is one more
  if (n <= k + 1) return std::numeric_limits<double>::infinity();
  const double residual = std::max(rms, 1e-12);  // a fit without any needs no more parameters
  return 2 * n * std::log(residual) + 2 * k + 2 * k * (k + 1) / (n - k - 1);
}

Goodness goodness_of(std::span<const LawPoint> points, std::span<const double> fitted,
                     const Eigen::MatrixXd& jacobian) {
  Goodness found;
  found.points = static_cast<std::int64_t>(points.size());
  found.parameters = jacobian.cols();
  const auto n = static_cast<double>(points.size());
  double mean = 0, squares = 0, total = 0, freedom = 0;
  for (const LawPoint& point : points) mean += point.y / n;
  for (std::size_t i = 0; i < points.size(); ++i) {
    squares += (points[i].y - fitted[i]) * (points[i].y - fitted[i]);
    total += (points[i].y - mean) * (points[i].y - mean);
    freedom += points[i].seeds - 1;
  }
  found.rms = std::sqrt(squares / n);
  if (total > 0) found.r_squared = 1 - squares / total;
  const double spare = n - static_cast<double>(found.parameters);
  if (spare < 1 || share_seeds(points)) return found;
  found.reduced_chi_squared = chi_squared(points, fitted, jacobian) / spare;
  if (!std::isfinite(found.reduced_chi_squared)) return found;
  const FastFisher distribution(spare, freedom);
  found.p_value = boost::math::cdf(boost::math::complement(distribution, found.reduced_chi_squared));
  return found;
}

}  // namespace memscale
