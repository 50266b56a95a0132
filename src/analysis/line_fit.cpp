#include "memscale/analysis/line_fit.hpp"

#include <Eigen/Dense>
#include <cmath>
#include <stdexcept>

#include "fast_distribution.hpp"

namespace memscale {

Estimate estimate_of_fit(double value, double standard_error, double freedom) {
  Estimate found;
  found.value = value;
  if (!(freedom >= 1) || !std::isfinite(standard_error)) return found;
  const FastStudent student(freedom);
  const double half = boost::math::quantile(student, 0.975) * standard_error;
  found.standard_error = standard_error;
  found.low = value - half;
  found.high = value + half;
  return found;
}

LinearFit fit_linear(std::span<const LawPoint> points, const std::vector<std::vector<double>>& design) {
  const auto n = static_cast<Eigen::Index>(points.size());
  const auto p = n == 0 ? 0 : static_cast<Eigen::Index>(design.front().size());
  Eigen::MatrixXd x(n, p);
  Eigen::VectorXd y(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index k = 0; k < p; ++k) x(i, k) = design[static_cast<std::size_t>(i)][static_cast<std::size_t>(k)];
    y[i] = points[static_cast<std::size_t>(i)].y;
  }
  if (n == 0) throw std::invalid_argument("a fit needs points");
  const Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(x);
  if (qr.rank() < p) throw std::invalid_argument("a fit needs as many different points as parameters");
  const Eigen::MatrixXd pseudo_inverse = qr.solve(Eigen::MatrixXd::Identity(n, n));  // (X^T X)^-1 X^T
  const Eigen::VectorXd c = pseudo_inverse * y, fitted = x * c;
  const double freedom = static_cast<double>(n - p);
  const double s2 = (y - fitted).squaredNorm() / freedom;  // not finite for n = p: no interval

  LinearFit fit;
  for (Eigen::Index k = 0; k < p; ++k) {
    const Eigen::VectorXd row = pseudo_inverse.row(k);
    fit.values.push_back(c[k]);
    fit.weights.emplace_back(row.begin(), row.end());
    fit.by_fit.push_back(estimate_of_fit(c[k], std::sqrt(s2 * row.squaredNorm()), freedom));
  }
  fit.goodness = goodness_of(points, {fitted.data(), points.size()}, x);
  return fit;
}

LinearFit fit_line(std::span<const LawPoint> points) {
  std::vector<std::vector<double>> design;
  for (const LawPoint& point : points) design.push_back({1, point.x});
  return fit_linear(points, design);
}

}  // namespace memscale
