#include "memscale/analysis/deterministic_fit.hpp"

#include <vector>

#include "catch.hpp"

using namespace memscale;

namespace {

std::vector<LawPoint> points_of(const std::vector<double>& x, const std::vector<double>& y) {
  std::vector<LawPoint> points;
  for (std::size_t i = 0; i < x.size(); ++i) points.push_back({x[i], y[i], 0, 1, {}});
  return points;
}

}  // namespace

TEST_CASE("a line's slope, or its negative, with the fit's own interval") {
  const auto points = points_of({1, 2, 3, 4}, {2.1, 3.9, 6.1, 7.9});
  const auto line = plain_line(points, 1, 2);
  REQUIRE(line);
  CHECK(line->slope.value == Approx(1.96));
  CHECK(line->slope.has_interval());
  CHECK(line->slope.verdict == Verdict::consistent);
  const auto negative = plain_line(points, -1, 2);
  CHECK(negative->slope.value == Approx(-1.96));
  CHECK(negative->slope.low == Approx(-line->slope.high));
  CHECK(negative->slope.verdict == Verdict::not_consistent);
}

TEST_CASE("further terms correct the slope: finite-size where they lead to theory") {
  std::vector<double> x, y;
  std::vector<std::vector<double>> corrections;
  for (int i = 1; i <= 10; ++i) {
    x.push_back(i);
    corrections.push_back({1.0 / i});
    y.push_back(3 - 2.0 * i + 1.0 / i + 1e-6 * (i % 2));
  }
  const auto line = plain_line(points_of(x, y), 1, -2, corrections);
  CHECK(line->slope.corrected->value == Approx(-2).epsilon(1e-5));
  CHECK(line->slope.verdict == Verdict::finite_size);
  CHECK(plain_line(points_of(x, y), 1, -1.5, corrections)->slope.verdict == Verdict::not_consistent);
}

TEST_CASE("what is no line: no points, one, the same x; two points have no interval") {
  CHECK_FALSE(plain_line({}, 1, 1));
  CHECK_FALSE(plain_line(points_of({1}, {1}), 1, 1));
  CHECK_FALSE(plain_line(points_of({1, 1, 1}, {1, 2, 3}), 1, 1));
  const auto two = plain_line(points_of({1, 2}, {1, 3}), 1, 2, {{1}, {0.5}});
  CHECK(two->slope.value == Approx(2));
  CHECK_FALSE(two->slope.has_interval());
  CHECK_FALSE(two->slope.corrected);
}

TEST_CASE("a number alone has no verdict; a mean of several has an interval") {
  CHECK(plain_number(1, 2).verdict == Verdict::none);
  CHECK(plain_mean(std::vector<double>{1.0}, 1).verdict == Verdict::none);
  const Coefficient mean = plain_mean(std::vector<double>{1.0, 2.0, 3.0, std::nan("")}, 2);
  CHECK(mean.value == 2);
  CHECK(mean.verdict == Verdict::consistent);
  CHECK(std::isnan(plain_mean({}).value));
}
