#pragma once

#include <optional>
#include <span>
#include <vector>

#include "memscale/analysis/estimate.hpp"
#include "memscale/analysis/law_point.hpp"

namespace memscale {

/// The slope between neighbouring d.
struct LocalSlope {
  std::int64_t d_low = 0, d_high = 0;
  Estimate slope;
};

/// Theory's exponents hold up to logarithms of d. Of a power law y = log quantity, x = log d (ascending):
std::vector<LocalSlope> local_slopes(std::span<const LawPoint> points);

/// Linear weights of an estimate of the exponent at infinite d.
///
/// by_logarithm: C of log K = a + C log d + b log log d, least squares.
/// by_extrapolation: as that law's local slope is C + b / log d, the intercept of a line through the local slopes
/// against 1 / (mean log d of the two).
///
/// Both need three d above 1 (the first has then no residual, the second is a line through two slopes); else empty.
std::vector<double> logarithm_weights(std::span<const LawPoint> points);
std::vector<double> extrapolation_weights(std::span<const LawPoint> points);

}  // namespace memscale
