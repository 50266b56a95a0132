#include "memscale/analysis/goodness.hpp"

#include <cmath>

#include "analysis/planted.hpp"
#include "catch.hpp"
#include "memscale/analysis/line_fit.hpp"

using namespace memscale;

namespace {

/// A straight line with normal noise of a standard error known to the points, each of its own d.
std::vector<LawPoint> line_points(double error, double bend, std::mt19937_64& engine) {
  std::vector<LawPoint> points;
  for (int i = 0; i < 6; ++i) {
    LawPoint point{static_cast<double>(i), 1 + 2.0 * i + bend * i * i + error * normal(engine), i, 200, {}};
    for (int r = 0; r < 200; ++r) point.deviations.push_back(static_cast<float>(error * normal(engine)));
    points.push_back(point);
  }
  return points;
}

}  // namespace

TEST_CASE("a line through three points by the textbook") {
  const std::vector<LawPoint> points{{1, 2, 1, 1, {}}, {2, 3, 2, 1, {}}, {4, 8, 3, 1, {}}};
  const LinearFit fit = fit_line(points);
  // Means 7/3 and 13/3, Sxx = 14/3, Sxy = 29/3: slope 29/14, intercept -1/2; residuals 3/7, -9/14, 3/14.
  CHECK(fit.values[1] == Approx(29.0 / 14));
  CHECK(fit.values[0] == Approx(-0.5));
  const double rss = 9.0 / 49 + 81.0 / 196 + 9.0 / 196;
  CHECK(fit.goodness.rms == Approx(std::sqrt(rss / 3)));
  CHECK(fit.goodness.r_squared == Approx(1 - rss / (4 + 9 + 64 - 169.0 / 3)));
  CHECK(fit.by_fit[1].standard_error == Approx(std::sqrt(rss / (14.0 / 3))));
  CHECK(fit.by_fit[1].high - fit.by_fit[1].value ==
        Approx(12.7062 * fit.by_fit[1].standard_error).epsilon(1e-5));  // t_1 at 97.5 %
  CHECK(std::isnan(fit.goodness.reduced_chi_squared));                  // one seed
}

TEST_CASE("two points have no residual, and so no interval of the fit") {
  const std::vector<LawPoint> points{{1, 2, 1, 1, {}}, {2, 3, 2, 1, {}}};
  CHECK_FALSE(fit_line(points).by_fit[1].has_interval());
  CHECK_THROWS_AS(fit_line(std::vector<LawPoint>(2, points[0])), std::invalid_argument);
  CHECK_THROWS_AS(fit_line({}), std::invalid_argument);
}

TEST_CASE("p-values are uniform where the law holds, and small where it does not") {
  int below_half = 0, below_tenth = 0, found = 0;
  for (std::uint64_t experiment = 1; experiment <= 200; ++experiment) {
    std::mt19937_64 engine(experiment);
    const double p = fit_line(line_points(0.1, 0, engine)).goodness.p_value;
    below_half += p < 0.5;
    below_tenth += p < 0.1;
    found += fit_line(line_points(0.1, 0.2, engine)).goodness.p_value < 0.01;
  }
  CHECK(std::abs(below_half - 100) < 30);  // 4 standard deviations of 7
  CHECK(std::abs(below_tenth - 20) < 17);
  CHECK(found > 190);
}

TEST_CASE("unequal errors of few seeds: p-values below 0.05 in no more than 5 of 100 where the law holds") {
  // Errors as Muon's capacities have them, from d = 64 to 512; means of normal seeds.
  constexpr double errors[] = {0.03, 0.012, 0.007, 0.0035};
  for (int seeds : {4, 8, 64}) {
    int low = 0;
    for (std::uint64_t experiment = 1; experiment <= 400; ++experiment) {
      std::mt19937_64 engine(experiment);
      std::vector<LawPoint> points;
      for (int i = 0; i < 4; ++i) {
        double sum = 0, squares = 0;
        for (int s = 0; s < seeds; ++s) {
          const double value = errors[i] * std::sqrt(seeds) * normal(engine);
          sum += value;
          squares += value * value;
        }
        const double mean = sum / seeds, found = std::sqrt((squares / seeds - mean * mean) / (seeds - 1));
        LawPoint point{static_cast<double>(i), 1 + 2.0 * i + mean, i, static_cast<double>(seeds), {}};
        for (int r = 0; r < 100; ++r) point.deviations.push_back(static_cast<float>(r % 2 == 0 ? found : -found));
        points.push_back(point);
      }
      low += fit_line(points).goodness.p_value < 0.05;
    }
    INFO(seeds << " seeds: " << low);
    CHECK(low < 38);  // 20 expected at the most, 4 standard deviations of 4.4
  }
}

TEST_CASE("three seeds have no chi squared") {
  std::mt19937_64 engine(1);
  std::vector<LawPoint> points = line_points(0.1, 0, engine);
  points[2].seeds = 3;
  CHECK(std::isnan(fit_line(points).goodness.p_value));
}

TEST_CASE("points that share seeds have no chi squared") {
  std::mt19937_64 engine(1);
  std::vector<LawPoint> points = line_points(0.1, 0, engine);
  points[1].d = points[0].d;
  CHECK(std::isnan(fit_line(points).goodness.p_value));
}
