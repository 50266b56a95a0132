#include "memscale/analysis/law_point.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>
#include <map>

#include "fast_distribution.hpp"

namespace memscale {

namespace {

constexpr double tail = 0.025;         // of a 95 % interval, on each side
constexpr double most_skipped = 0.05;  // share of resamples without a value that an interval bears

using Values = Eigen::Map<const Eigen::ArrayXf>;

struct Moments {
  double mean, variance;  ///< not finite where a value is not
};

/// Of values about 0, so that one pass does.
Moments moments(const std::vector<float>& values) {
  const Values all(values.data(), static_cast<Eigen::Index>(values.size()));
  const auto n = static_cast<double>(values.size());
  const auto exact = all.cast<double>();
  const double sum = exact.sum(), squares = exact.square().sum();
  const double left = squares - sum * sum / n;
  return {sum / n, left < 0 ? 0 : left / (n - 1)};
}

/// Of the finite values; NaN for fewer than two.
double variance(const std::vector<float>& values) {
  if (values.size() < 2) return std::numeric_limits<double>::quiet_NaN();
  const double whole = moments(values).variance;
  if (std::isfinite(whole)) return whole;  // nearly always
  std::vector<float> finite = values;
  std::erase_if(finite, [](float v) { return !std::isfinite(v); });
  return finite.size() < 2 ? std::numeric_limits<double>::quiet_NaN() : moments(finite).variance;
}

/// The p-quantile of sign * values, p < 1/2, with linear interpolation between order statistics. Of all values, about
/// those below `limit` need to be looked at.
double low_quantile(const std::vector<float>& values, float sign, double p, double limit) {
  const double at = p * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const auto bound = static_cast<float>(limit);
  std::vector<float> low(values.size());
  std::size_t count = 0;
  for (float v : values) {
    low[count] = sign * v;
    count += sign * v <= bound ? 1 : 0;
  }
  low.resize(count);
  if (count < below + 2) {
    low.clear();
    for (float v : values) low.push_back(sign * v);
  }
  const auto next = low.begin() + static_cast<std::ptrdiff_t>(std::min(below + 1, low.size() - 1));
  std::nth_element(low.begin(), next, low.end());
  const double high = *next, first = below + 1 < low.size() ? *std::max_element(low.begin(), next) : high;
  return first + (at - static_cast<double>(below)) * (high - first);
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

/// What the points of each d contribute to the variance of a sum.
struct Share {
  double fewest_seeds = 0, variance = 0;
  std::size_t points = 0;
};

std::map<std::int64_t, Share> shares_by_d(std::span<const LawPoint> points, std::span<const double> weights) {
  std::map<std::int64_t, Share> shares;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (weights[i] == 0) continue;
    Share& share = shares[points[i].d];
    share.fewest_seeds = share.points == 0 ? points[i].seeds : std::min(share.fewest_seeds, points[i].seeds);
    if (share.points++ == 0) share.variance = weights[i] * weights[i] * variance(points[i].deviations);
  }
  for (auto& [d, share] : shares)  // a single point's needs no sum
    if (share.points > 1) share.variance = variance(weighted_sum(points, weights, &d));
  return shares;
}

double small_sample_factor(double freedom) {
  if (!std::isfinite(freedom)) return 1;
  static const double of_normal = boost::math::quantile(boost::math::normal(), 1 - tail);
  return boost::math::quantile(FastStudent(freedom), 1 - tail) / of_normal;
}

}  // namespace

double LawPoint::standard_error() const {
  return std::sqrt(variance(deviations));
}

double freedom_of(std::span<const LawPoint> points, std::span<const double> weights) {
  double sum = 0, weighted = 0;
  for (const auto& [d, share] : shares_by_d(points, weights)) {
    const double v = share.variance;
    if (!(v > 0)) continue;
    sum += v;
    weighted += v * v / (share.fewest_seeds - 1);
  }
  return weighted > 0 ? sum * sum / weighted : std::numeric_limits<double>::infinity();
}

Estimate resampled_estimate(double value, std::vector<float> deviations, double freedom) {
  Estimate found;
  found.value = value;
  const std::size_t all = deviations.size();
  if (all < 2) return found;
  Moments spread = moments(deviations);
  if (!std::isfinite(spread.variance)) {
    std::erase_if(deviations, [](float v) { return !std::isfinite(v); });
    const auto kept = static_cast<double>(deviations.size());
    if (kept < 2 || kept < (1 - most_skipped) * static_cast<double>(all)) return found;
    spread = moments(deviations);
  }
  found.standard_error = std::sqrt(spread.variance);
  const double factor = small_sample_factor(freedom);
  // 7 % of normal deviations are beyond 1.5 standard errors on each side, more than the quantile needs.
  const double beyond = 1.5 * found.standard_error;
  found.low = value + factor * low_quantile(deviations, 1, tail, spread.mean - beyond);
  found.high = value - factor * low_quantile(deviations, -1, tail, -spread.mean - beyond);
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
