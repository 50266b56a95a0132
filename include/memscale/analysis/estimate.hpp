#pragma once

#include <cmath>
#include <limits>

namespace memscale {

/// A fitted number with its 95 % interval. Without an interval (a cell of one seed), low, high and standard_error are
/// NaN: print it by interval_text.
struct Estimate {
  double value = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
  double standard_error = std::numeric_limits<double>::quiet_NaN();

  bool has_interval() const { return std::isfinite(low) && std::isfinite(high) && std::isfinite(standard_error); }
};

/// exp of an estimate of a logarithm, to first order in its standard error.
inline Estimate exponential(const Estimate& e) {
  return {std::exp(e.value), std::exp(e.low), std::exp(e.high), std::exp(e.value) * e.standard_error};
}

}  // namespace memscale
