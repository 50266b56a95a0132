#include "memscale/analysis/goodness.hpp"

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

/// E[t^2] of Student's t with n - 1 degrees of freedom is (n - 1) / (n - 3).
double student_square(double seeds) {
  return seeds > 3 ? (seeds - 1) / (seeds - 3) : 1;
}

}  // namespace

double Goodness::akaike() const {
  const auto n = static_cast<double>(points), k = static_cast<double>(parameters) + 1;  // the variance is one more
  if (n <= k + 1) return std::numeric_limits<double>::infinity();
  const double residual = std::max(rms, 1e-12);  // a fit without any needs no more parameters
  return 2 * n * std::log(residual) + 2 * k + 2 * k * (k + 1) / (n - k - 1);
}

Goodness goodness_of(std::span<const LawPoint> points, std::span<const double> fitted, std::size_t parameters) {
  Goodness found;
  found.points = static_cast<std::int64_t>(points.size());
  found.parameters = static_cast<std::int64_t>(parameters);
  const auto n = static_cast<double>(points.size());
  double mean = 0, squares = 0, total = 0, chi_squared = 0, freedom = 0;
  for (const LawPoint& point : points) mean += point.y / n;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double residual = points[i].y - fitted[i];
    const double error = points[i].standard_error();
    squares += residual * residual;
    total += (points[i].y - mean) * (points[i].y - mean);
    chi_squared += residual * residual / (error * error) / student_square(points[i].seeds);
    freedom += points[i].seeds - 1;
  }
  found.rms = std::sqrt(squares / n);
  if (total > 0) found.r_squared = 1 - squares / total;
  const double spare = n - static_cast<double>(parameters);
  if (spare < 1 || !std::isfinite(chi_squared) || share_seeds(points)) return found;
  found.reduced_chi_squared = chi_squared / spare;
  const FastFisher distribution(spare, freedom);
  found.p_value = boost::math::cdf(boost::math::complement(distribution, found.reduced_chi_squared));
  return found;
}

}  // namespace memscale
