#include "memscale/analysis/curve_fit.hpp"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit_nlinear.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <mutex>
#include <stdexcept>

#include "memscale/analysis/line_fit.hpp"

namespace memscale {

namespace {

/// What GSL calls back.
struct Problem {
  const Curve* curve;
  std::vector<double> x, y;
  std::size_t parameters;
};

std::span<const double> parameters_of(const gsl_vector* theta) {
  return {theta->data, theta->size};  // GSL's own vectors have stride 1
}

int residuals(const gsl_vector* theta, void* data, gsl_vector* out) {
  const auto& problem = *static_cast<const Problem*>(data);
  std::vector<double> gradient(problem.parameters);
  for (std::size_t i = 0; i < problem.x.size(); ++i) {
    const double f = (*problem.curve)(problem.x[i], parameters_of(theta), gradient);
    if (!std::isfinite(f)) return GSL_EDOM;
    gsl_vector_set(out, i, f - problem.y[i]);
  }
  return GSL_SUCCESS;
}

int jacobian(const gsl_vector* theta, void* data, gsl_matrix* out) {
  const auto& problem = *static_cast<const Problem*>(data);
  std::vector<double> gradient(problem.parameters);
  for (std::size_t i = 0; i < problem.x.size(); ++i) {
    (*problem.curve)(problem.x[i], parameters_of(theta), gradient);
    for (std::size_t k = 0; k < problem.parameters; ++k) {
      if (!std::isfinite(gradient[k])) return GSL_EDOM;
      gsl_matrix_set(out, i, k, gradient[k]);
    }
  }
  return GSL_SUCCESS;
}

/// A workspace of GSL's for fits of one curve to many y.
class Solver {
 public:
  Solver(const Curve& curve, std::span<const LawPoint> points, std::size_t parameters)
      : problem_{&curve, {}, {}, parameters} {
    static std::once_flag silenced;
    // Errors are told by what calls return; the default ends the process.
    std::call_once(silenced, [] { gsl_set_error_handler_off(); });
    for (const LawPoint& point : points) {
      problem_.x.push_back(point.x);
      problem_.y.push_back(point.y);
    }
    auto options = gsl_multifit_nlinear_default_parameters();
    options.trs = gsl_multifit_nlinear_trs_lmaccel;
    workspace_.reset(gsl_multifit_nlinear_alloc(gsl_multifit_nlinear_trust, &options, points.size(), parameters));
    if (!workspace_) throw std::bad_alloc();
    system_ = gsl_multifit_nlinear_fdf{residuals, jacobian, nullptr, points.size(), parameters, &problem_, 0, 0, 0};
  }
  Solver(const Solver&) = delete;
  Solver& operator=(const Solver&) = delete;

  std::vector<double>& y() { return problem_.y; }

  /// Theta from `start`; empty where it does not converge. It has where GSL's own test holds, or where two steps on end
  /// have lowered the sum of squares by less than `least_gain` of it: in a flat valley theta would go on for long.
  std::vector<double> solve(const std::vector<double>& start, double least_gain) {
    constexpr int most_iterations = 200;
    constexpr double step_tolerance = 1e-9, gradient_tolerance = 1e-10;
    const gsl_vector_const_view first = gsl_vector_const_view_array(start.data(), start.size());
    if (gsl_multifit_nlinear_init(&first.vector, &system_, workspace_.get()) != GSL_SUCCESS) return {};
    double squares = sum_of_squares();
    for (int i = 0, settled = 0; i < most_iterations; ++i) {
      const int status = gsl_multifit_nlinear_iterate(workspace_.get());
      if (status == GSL_ENOPROG) return position();  // no step improves: this is the minimum
      if (status != GSL_SUCCESS) return {};
      int why = 0;
      if (gsl_multifit_nlinear_test(step_tolerance, gradient_tolerance, 0, &why, workspace_.get()) == GSL_SUCCESS)
        return position();
      const double now = sum_of_squares();
      settled = squares - now <= least_gain * squares ? settled + 1 : 0;
      if (settled == 2) return position();
      squares = now;
    }
    return {};
  }

 private:
  struct Free {
    void operator()(gsl_multifit_nlinear_workspace* w) const { gsl_multifit_nlinear_free(w); }
  };
  double sum_of_squares() const {
    const gsl_vector* f = gsl_multifit_nlinear_residual(workspace_.get());
    double sum = 0;
    for (std::size_t i = 0; i < f->size; ++i) sum += gsl_vector_get(f, i) * gsl_vector_get(f, i);
    return sum;
  }

  /// Empty where it is not finite.
  std::vector<double> position() const {
    const std::span<const double> found = parameters_of(gsl_multifit_nlinear_position(workspace_.get()));
    const bool finite = std::all_of(found.begin(), found.end(), [](double value) { return std::isfinite(value); });
    return finite ? std::vector<double>(found.begin(), found.end()) : std::vector<double>{};
  }

  Problem problem_;
  gsl_multifit_nlinear_fdf system_{};
  std::unique_ptr<gsl_multifit_nlinear_workspace, Free> workspace_;
};

/// J at theta, and the fitted values.
Eigen::MatrixXd jacobian_at(std::span<const LawPoint> points, const Curve& curve, const std::vector<double>& theta,
                            std::vector<double>& fitted) {
  Eigen::MatrixXd j(static_cast<Eigen::Index>(points.size()), static_cast<Eigen::Index>(theta.size()));
  std::vector<double> gradient(theta.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    fitted.push_back(curve(points[i].x, theta, gradient));
    for (std::size_t k = 0; k < theta.size(); ++k)
      j(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(k)) = gradient[k];
  }
  return j;
}

bool all_resampled(std::span<const LawPoint> points, std::size_t resamples) {
  for (const LawPoint& point : points)
    if (point.deviations.size() < resamples) return false;
  return true;
}

using Deviations = std::vector<std::vector<float>>;

/// Fits each resample anew.
Deviations fit_resamples(std::span<const LawPoint> points, Solver& solver, const std::vector<double>& theta,
                         std::size_t resamples) {
  Deviations deviations(theta.size(), std::vector<float>(resamples));
  std::vector<double>& y = solver.y();
  for (std::size_t r = 0; r < resamples; ++r) {
    for (std::size_t i = 0; i < points.size(); ++i) y[i] = points[i].y + points[i].deviations[r];
    const bool finite = std::all_of(y.begin(), y.end(), [](double value) { return std::isfinite(value); });
    const std::vector<double> found = finite ? solver.solve(theta, 1e-6) : std::vector<double>{};
    for (std::size_t k = 0; k < theta.size(); ++k)
      deviations[k][r] =
          found.empty() ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(found[k] - theta[k]);
  }
  return deviations;
}

/// (J^T J)^-1 J^T times the deviations of y.
Deviations linear_resamples(std::span<const LawPoint> points, const Eigen::MatrixXd& influence, std::size_t resamples) {
  Deviations deviations(static_cast<std::size_t>(influence.rows()), std::vector<float>(resamples));
  for (std::size_t k = 0; k < deviations.size(); ++k)
    for (std::size_t i = 0; i < points.size(); ++i) {
      const auto weight = static_cast<float>(influence(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(i)));
      for (std::size_t r = 0; r < resamples; ++r) deviations[k][r] += weight * points[i].deviations[r];
    }
  return deviations;
}

}  // namespace

Resamples resamples_of(std::size_t count, std::size_t curves) {
  constexpr std::size_t most_refitted = 100;
  return {count, curves <= most_refitted ? Resampling::refitted : Resampling::linear};
}

std::optional<CurveFit> fit_curve(std::span<const LawPoint> points, const Curve& curve, std::vector<double> start,
                                  Resamples resamples) {
  if (points.size() < start.size()) return std::nullopt;
  Solver solver(curve, points, start.size());
  CurveFit fit;
  fit.values = solver.solve(start, 1e-10);
  if (fit.values.empty()) return std::nullopt;

  std::vector<double> fitted;
  const Eigen::MatrixXd j = jacobian_at(points, curve, fit.values, fitted);
  const Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(j);
  if (qr.rank() < j.cols()) return std::nullopt;
  const Eigen::MatrixXd influence = qr.solve(Eigen::MatrixXd::Identity(j.rows(), j.rows()));  // (J^T J)^-1 J^T
  fit.goodness = goodness_of(points, fitted, j);
  const double freedom = static_cast<double>(j.rows() - j.cols());
  const double s2 = fit.goodness.rms * fit.goodness.rms * static_cast<double>(j.rows()) / freedom;
  const bool resampled = all_resampled(points, resamples.count);
  if (resampled)
    fit.deviations = resamples.how == Resampling::refitted ? fit_resamples(points, solver, fit.values, resamples.count)
                                                           : linear_resamples(points, influence, resamples.count);
  for (std::size_t k = 0; k < fit.values.size(); ++k) {
    const Eigen::VectorXd row = influence.row(static_cast<Eigen::Index>(k));
    fit.by_fit.push_back(estimate_of_fit(fit.values[k], std::sqrt(s2 * row.squaredNorm()), freedom));
    fit.freedom.push_back(resampled ? freedom_of(points, {row.data(), points.size()}) : 0);
    Estimate bare;
    bare.value = fit.values[k];
    fit.by_seeds.push_back(resampled ? resampled_estimate(fit.values[k], fit.deviations[k], fit.freedom[k]) : bare);
  }
  return fit;
}

}  // namespace memscale
