#include "memscale/analysis/law_point.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <map>

namespace memscale {

namespace {

constexpr double tail = 0.025;         // of a 95 % interval, on each side
constexpr double most_skipped = 0.05;  // share of resamples without a value that an interval bears

/// Of the finite values; NaN for fewer than two.
double variance(const std::vector<float>& values) {
  double sum = 0, count = 0;
  for (float v : values)
    if (std::isfinite(v)) sum += v, ++count;
  if (count < 2) return std::numeric_limits<double>::quiet_NaN();
  const double mean = sum / count;
  double squares = 0;
  for (float v : values)
    if (std::isfinite(v)) squares += (v - mean) * (v - mean);
  return squares / (count - 1);
}

/// Quantile with linear interpolation between order statistics; reorders `values`.
double quantile(std::vector<float>& values, double p) {
  const double at = p * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::ptrdiff_t>(at);
  std::nth_element(values.begin(), values.begin() + below, values.end());
  const double low = values[static_cast<std::size_t>(below)];
  if (static_cast<std::size_t>(below) + 1 == values.size()) return low;
  const double high = *std::min_element(values.begin() + below + 1, values.end());
  return low + (at - static_cast<double>(below)) * (high - low);
}

bool all_resampled(std::span<const LawPoint> points, std::span<const double> weights) {
  for (std::size_t i = 0; i < points.size(); ++i)
    if (weights[i] != 0 && points[i].deviations.empty()) return false;
  return !points.empty();
}

/// sum_i weights[i] deviations, resample by resample; of the points of one d where it is given.
std::vector<float> weighted_sum(std::span<const LawPoint> points, std::span<const double> weights,
                                const std::int64_t* d = nullptr) {
  std::vector<float> sum;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (weights[i] == 0 || (d != nullptr && points[i].d != *d)) continue;
    const auto weight = static_cast<float>(weights[i]);
    const std::vector<float>& deviations = points[i].deviations;
    sum.resize(deviations.size());
    for (std::size_t r = 0; r < sum.size(); ++r) sum[r] += weight * deviations[r];
  }
  return sum;
}

double small_sample_factor(double freedom) {
  if (!std::isfinite(freedom)) return 1;
  const boost::math::students_t student(freedom);
  const boost::math::normal normal;
  return boost::math::quantile(student, 1 - tail) / boost::math::quantile(normal, 1 - tail);
}

}  // namespace

double LawPoint::standard_error() const {
  return std::sqrt(variance(deviations));
}

double freedom_of(std::span<const LawPoint> points, std::span<const double> weights) {
  std::map<std::int64_t, double> fewest;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (weights[i] != 0) {
      const auto [at, fresh] = fewest.try_emplace(points[i].d, points[i].seeds);
      if (!fresh) at->second = std::min(at->second, points[i].seeds);
    }
  double sum = 0, weighted = 0;
  for (const auto& [d, seeds] : fewest) {
    const double v = variance(weighted_sum(points, weights, &d));
    if (!(v > 0)) continue;
    sum += v;
    weighted += v * v / (seeds - 1);
  }
  return weighted > 0 ? sum * sum / weighted : std::numeric_limits<double>::infinity();
}

Estimate resampled_estimate(double value, std::vector<float> deviations, double freedom) {
  Estimate found;
  found.value = value;
  const std::size_t all = deviations.size();
  std::erase_if(deviations, [](float v) { return !std::isfinite(v); });
  const auto kept = static_cast<double>(deviations.size());
  if (deviations.size() < 2 || kept < (1 - most_skipped) * static_cast<double>(all)) return found;
  const double factor = small_sample_factor(freedom);
  found.standard_error = std::sqrt(variance(deviations));
  found.low = value + factor * quantile(deviations, tail);
  found.high = value + factor * quantile(deviations, 1 - tail);
  return found;
}

Estimate linear_estimate(std::span<const LawPoint> points, std::span<const double> weights) {
  double value = 0;
  for (std::size_t i = 0; i < points.size(); ++i) value += weights[i] * points[i].y;
  if (!all_resampled(points, weights)) {
    Estimate found;
    found.value = value;
    return found;
  }
  return resampled_estimate(value, weighted_sum(points, weights), freedom_of(points, weights));
}

}  // namespace memscale
