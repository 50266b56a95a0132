#include "memscale/analysis/cell.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace memscale {

namespace {

/// Of column k of a matrix with `columns` of them, without NaN.
double mean_of_column(const std::vector<float>& values, std::size_t columns, std::size_t k) {
  double sum = 0, count = 0;
  for (std::size_t i = k; i < values.size(); i += columns) {
    if (std::isnan(values[i])) continue;
    sum += values[i];
    ++count;
  }
  return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

double CellTrace::mean_capacity(std::size_t k) const {
  return mean_of_column(capacities, steps.size(), k);
}

double CellTrace::mean_loss(std::size_t k) const {
  return mean_of_column(losses, steps.size(), k);
}

std::vector<std::int64_t> traced_steps(std::int64_t steps) {
  constexpr std::int64_t dense = 20;
  std::vector<std::int64_t> traced;
  for (std::int64_t t = 1; t <= std::min(steps, dense); ++t) traced.push_back(t);
  for (int k = 1; traced.back() < steps; ++k) {
    const auto step = static_cast<std::int64_t>(std::llround(dense * std::pow(10, k / 16.0)));
    traced.push_back(std::min(step, steps));
  }
  return traced;
}

}  // namespace memscale
