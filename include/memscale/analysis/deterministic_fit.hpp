#pragma once

#include <optional>
#include <span>
#include <vector>

#include "memscale/analysis/goodness.hpp"
#include "memscale/analysis/law_point.hpp"
#include "memscale/analysis/verdict.hpp"

namespace memscale {

/// A line through points without any noise, which most of an orthogonal memory's are.
struct PlainLine {
  Coefficient slope;
  double intercept = 0;
  Goodness goodness;
};

/// y = intercept + slope x by least squares; `sign` -1 gives the slope's negative, a rate or an exponent. The interval
/// is the fit's own, by its residuals and Student's t: it tells how far the points are from a line, not what other
/// seeds would give, and two points have none. `corrections` holds for each point what further terms of the fit are
/// multiples of: that fit's slope is the corrected one, and finite-size is also what it leads nine tenths of the way to
/// theory; empty: there is none. Nothing for fewer than two different x.
std::optional<PlainLine> plain_line(std::span<const LawPoint> points, double sign, std::optional<double> theory,
                                    const std::vector<std::vector<double>>& corrections = {});

/// A number that no fit stands behind, beside theory: without an interval, so without a verdict.
Coefficient plain_number(double value, std::optional<double> theory = std::nullopt);

/// The mean of finite values, with Student's interval where they are several.
Coefficient plain_mean(std::span<const double> values, std::optional<double> theory = std::nullopt);

}  // namespace memscale
