#pragma once

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <vector>

#include "memscale/analysis/curve_fit.hpp"

namespace memscale {

/// Fits of one curve to thousands of resamples, each from the same theta near which its own lies: Levenberg's and
/// Marquardt's method on the normal equations, without GSL's calls and allocations, whose time would be a tenfold.
/// Steps end at 1e-7, as deviations are floats.
class Refit {
 public:
  Refit(const Curve& curve, std::vector<double> x, std::size_t parameters)
      : curve_(curve), x_(std::move(x)), now_(parameters), next_(parameters) {}

  /// Empty where it does not converge: flat valleys are GSL's.
  std::vector<double> solve(const std::vector<double>& y, const std::vector<double>& start) {
    constexpr int most_iterations = 100;
    constexpr double first_damping = 1e-4, least_damping = 1e-12, most_damping = 1e8, factor = 10;
    constexpr double least_gain = 1e-6;  // of the squares: what is left is about 1e-3 of a standard error
    std::vector<double> theta = start, trial = start;
    if (!evaluate(y, theta, now_)) return {};
    double damping = first_damping;
    for (int i = 0; i < most_iterations; ++i) {
      if (is_flat(now_, theta)) return theta;
      Eigen::MatrixXd damped = now_.normal;
      damped.diagonal() *= 1 + damping;
      const Eigen::VectorXd step = damped.ldlt().solve(-now_.slope);
      for (std::size_t k = 0; k < theta.size(); ++k) trial[k] = theta[k] + step[static_cast<Eigen::Index>(k)];
      const bool small = is_small(step, theta);
      if (evaluate(y, trial, next_) && next_.squares <= now_.squares) {
        const bool settled = now_.squares - next_.squares <= least_gain * now_.squares && damping <= 1;
        std::swap(theta, trial);
        std::swap(now_, next_);
        if (small || settled) return theta;
        damping = std::max(damping / factor, least_damping);
      } else {
        if (small && step.allFinite()) return theta;  // nothing better nearby
        damping *= factor;
        if (damping > most_damping) return {};
      }
    }
    return {};
  }

 private:
  /// At some theta: sum of squares of the residuals r, J^T J and J^T r.
  struct Point {
    explicit Point(std::size_t parameters)
        : normal(static_cast<Eigen::Index>(parameters), static_cast<Eigen::Index>(parameters)),
          slope(static_cast<Eigen::Index>(parameters)),
          gradient(static_cast<Eigen::Index>(parameters)) {}
    double squares = 0;
    Eigen::MatrixXd normal;
    Eigen::VectorXd slope, gradient;
  };

  /// Whether all is finite.
  bool evaluate(const std::vector<double>& y, const std::vector<double>& theta, Point& point) {
    point.squares = 0;
    point.normal.setZero();
    point.slope.setZero();
    const std::span<double> gradient(point.gradient.data(), theta.size());
    for (std::size_t i = 0; i < x_.size(); ++i) {
      const double r = curve_(x_[i], theta, gradient) - y[i];
      point.squares += r * r;
      point.slope += r * point.gradient;
      point.normal.noalias() += point.gradient * point.gradient.transpose();
    }
    return std::isfinite(point.squares) && point.slope.allFinite() && point.normal.allFinite();
  }

  /// GSL's test of the gradient (gsl_multifit_nlinear_test), with the tolerance that curve_fit.cpp gives it.
  static bool is_flat(const Point& point, const std::vector<double>& theta) {
    constexpr double tolerance = 1e-10;
    double largest = 0;
    for (std::size_t k = 0; k < theta.size(); ++k)
      largest =
          std::max(largest, std::abs(point.slope[static_cast<Eigen::Index>(k)]) * std::max(std::abs(theta[k]), 1.0));
    return largest <= tolerance * std::max(point.squares / 2, 1.0);
  }

  static bool is_small(const Eigen::VectorXd& step, const std::vector<double>& theta) {
    constexpr double tolerance = 1e-7;
    for (std::size_t k = 0; k < theta.size(); ++k)
      if (!(std::abs(step[static_cast<Eigen::Index>(k)]) <= tolerance * (std::abs(theta[k]) + tolerance))) return false;
    return true;
  }

  const Curve& curve_;
  std::vector<double> x_;
  Point now_, next_;
};

}  // namespace memscale
