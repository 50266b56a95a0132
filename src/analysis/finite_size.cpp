#include "memscale/analysis/finite_size.hpp"

#include <cmath>

#include "memscale/analysis/line_fit.hpp"

namespace memscale {

namespace {

constexpr std::size_t fewest = 3;

bool is_enough(std::span<const LawPoint> points) {
  return points.size() >= fewest && points.front().d > 1;
}

}  // namespace

std::vector<LocalSlope> local_slopes(std::span<const LawPoint> points) {
  std::vector<LocalSlope> found;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const double step = points[i + 1].x - points[i].x;
    const double weights[] = {-1 / step, 1 / step};
    found.push_back({points[i].d, points[i + 1].d, linear_estimate(points.subspan(i, 2), weights)});
  }
  return found;
}

std::vector<double> logarithm_weights(std::span<const LawPoint> points) {
  if (!is_enough(points)) return {};
  std::vector<std::vector<double>> design;
  for (const LawPoint& point : points) design.push_back({1, point.x, std::log(point.x)});
  return fit_linear(points, design).weights[1];
}

std::vector<double> extrapolation_weights(std::span<const LawPoint> points) {
  if (!is_enough(points)) return {};
  std::vector<LawPoint> slopes;  // only their x matters
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    LawPoint slope;
    slope.x = 2 / (points[i].x + points[i + 1].x);
    slopes.push_back(slope);
  }
  const std::vector<double> of_slope = fit_line(slopes).weights[0];
  std::vector<double> weights(points.size());
  for (std::size_t i = 0; i < slopes.size(); ++i) {
    const double weight = of_slope[i] / (points[i + 1].x - points[i].x);
    weights[i] -= weight;
    weights[i + 1] += weight;
  }
  return weights;
}

}  // namespace memscale
