#include "memscale/analysis/crossover_curve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace memscale {

namespace {

constexpr double sharpness = 8;  // m: where branch and plateau meet the curve is 2^(-1/8), 8 %, below both

double softplus(double x) {
  return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}

double sigmoid(double x) {
  return x > 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x));
}

}  // namespace

double crossover_curve(double log_batch, std::span<const double> theta, std::span<double> gradient) {
  const double g = theta[1], l = log_batch - theta[2];  // l = log r
  const bool overshoots = theta.size() > 3;
  std::fill(gradient.begin(), gradient.end(), 0);
  gradient[0] = 1;
  if (std::isinf(log_batch)) return theta[0];
  const double q = overshoots ? std::exp(theta[4]) : 0;
  const double z = overshoots ? theta[3] - q * l : 0;       // log(a r^-q)
  const double log_ceiling = overshoots ? softplus(z) : 0;  // log(1 + a r^-q)
  const double share = overshoots ? sigmoid(z) : 0;         // a r^-q / (1 + a r^-q)
  // log(r^(-g m) + ceiling^-m) = -m log_ceiling + softplus(m (log_ceiling - g l))
  const double t = sharpness * (log_ceiling - g * l);
  const double branch = sigmoid(t), ceiling = sigmoid(-t);  // weights of the two
  gradient[1] = branch * l;
  gradient[2] = -branch * g + ceiling * share * q;
  if (overshoots) {
    gradient[3] = ceiling * share;
    gradient[4] = -ceiling * share * q * l;
  }
  return theta[0] + log_ceiling - softplus(t) / sharpness;
}

std::vector<double> crossover_start(std::span<const LawPoint> points, double branch) {
  const auto by_x = [](const LawPoint& a, const LawPoint& b) { return a.x < b.x; };
  const double plateau = std::max_element(points.begin(), points.end(), by_x)->y;
  std::vector<double> crossings;  // of branches of this exponent through the points that lie below the plateau
  for (const LawPoint& point : points)
    if (std::isfinite(point.x) && point.y < plateau - 0.5) crossings.push_back(point.x + (plateau - point.y) / branch);
  double critical = std::min_element(points.begin(), points.end(), by_x)->x;
  if (!crossings.empty()) {
    const auto middle = crossings.begin() + static_cast<std::ptrdiff_t>(crossings.size() / 2);
    std::nth_element(crossings.begin(), middle, crossings.end());
    critical = *middle;
  }
  return {plateau, branch, critical};
}

std::optional<CurveFit> fit_crossover(std::span<const LawPoint> points, double branch, Resamples resamples) {
  const std::vector<double> start = crossover_start(points, branch);
  std::optional<CurveFit> plain = fit_curve(points, crossover_curve, start, {0}), best;
  const std::vector<double>& from = plain ? plain->values : start;
  for (double a : {0.5, 3.0})  // least squares have several minima
    for (double q : {0.5, 1.5, 3.0}) {
      auto fit = fit_curve(points, crossover_curve, {from[0], from[1], from[2], std::log(a), std::log(q)}, {0});
      if (fit && (!best || fit->goodness.rms < best->goodness.rms)) best = std::move(fit);
    }
  if (!best || (plain && plain->goodness.akaike() <= best->goodness.akaike())) best = std::move(plain);
  if (!best) return std::nullopt;
  return fit_curve(points, crossover_curve, best->values, resamples);
}

}  // namespace memscale
