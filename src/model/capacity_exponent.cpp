#include "memscale/model/capacity_exponent.hpp"

#include <cmath>
#include <stdexcept>

namespace memscale {

namespace {

/// 1/(2 alpha), of valid arguments.
double increment(double alpha, std::int64_t steps) {
  if (!(alpha > 0.5) || steps < 0)
    throw std::invalid_argument("capacity exponent: alpha must be above 1/2, steps >= 0");
  return 1 / (2 * alpha);
}

}  // namespace

double muon_exponent(double alpha, std::int64_t steps) {
  return 2 - std::pow(1 - increment(alpha, steps), static_cast<double>(steps));
}

double gd_exponent(double alpha, std::int64_t steps) {
  const double x = increment(alpha, steps), t = static_cast<double>(steps);
  const double linear = std::ceil(2 * alpha);  // the first t with t x >= 1
  if (t <= linear) return t * x;
  return 2 - (2 - linear * x) * std::pow(1 - x, t - linear);  // 2 - e shrinks by 1 - x a step
}

}  // namespace memscale
