#pragma once

#include <span>
#include <vector>

#include "memscale/analysis/estimate.hpp"
#include "memscale/analysis/goodness.hpp"
#include "memscale/analysis/law_point.hpp"

namespace memscale {

/// y = sum_k c_k f_k(x) by ordinary least squares. As c is linear in y, its weights give every estimate.
struct LinearFit {
  std::vector<double> values;                ///< c
  std::vector<std::vector<double>> weights;  ///< c_k = sum_i weights[k][i] y_i
  std::vector<Estimate>
      by_fit;  ///< from the residuals: s^2 (X^T X)^-1, s^2 over n - p, Student's t; no interval: n = p
  Goodness goodness;
};

/// `design` holds a row for each point, f_k(x_i). Throws std::invalid_argument unless its columns are independent: at
/// least as many different rows as columns.
LinearFit fit_linear(std::span<const LawPoint> points, const std::vector<std::vector<double>>& design);

/// y = c_0 + c_1 x.
LinearFit fit_line(std::span<const LawPoint> points);

/// value +- t_freedom(97.5 %) standard_error.
Estimate estimate_of_fit(double value, double standard_error, double freedom);

}  // namespace memscale
