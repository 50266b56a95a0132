#include "memscale/analysis/finite_size.hpp"

#include <cmath>

#include "analysis/covers.hpp"
#include "analysis/planted.hpp"
#include "catch.hpp"
#include "memscale/analysis/scaling_fit.hpp"

using namespace memscale;

namespace {

/// A d^c (log d)^b at these d.
std::vector<LawPoint> points_of(double c, double b, const std::vector<std::int64_t>& d) {
  std::vector<LawPoint> points;
  for (std::int64_t one : d) {
    const double x = std::log(static_cast<double>(one));
    points.push_back({x, 0.3 + c * x + b * std::log(x), one, 1, {}});
  }
  return points;
}

double applied(const std::vector<double>& weights, const std::vector<LawPoint>& points) {
  return linear_estimate(points, weights).value;
}

}  // namespace

TEST_CASE("of a power with a logarithmic correction both find the exponent, where the plain slope does not") {
  const auto points = points_of(1.33, 0.8, {64, 128, 256, 512, 1024});
  CHECK(applied(logarithm_weights(points), points) == Approx(1.33).epsilon(1e-10));
  CHECK(applied(extrapolation_weights(points), points) == Approx(1.33).epsilon(0.003));  // secants are not tangents
}

TEST_CASE("they need three d, and d = 1 has no logarithm of a logarithm") {
  CHECK(logarithm_weights(points_of(1, 0, {64, 128})).empty());
  CHECK(extrapolation_weights(points_of(1, 0, {64, 128})).empty());
  std::vector<LawPoint> points = points_of(1, 0, {2, 64, 128});
  points[0].x = 0;
  points[0].d = 1;
  CHECK(logarithm_weights(points).empty());
}

TEST_CASE("local slopes are those of neighbours") {
  const auto points = points_of(1.5, 0, {64, 128, 512});
  const auto slopes = local_slopes(points);
  REQUIRE(slopes.size() == 2);
  CHECK(slopes[1].d_low == 128);
  CHECK(slopes[1].d_high == 512);
  for (const LocalSlope& slope : slopes) CHECK(slope.slope.value == Approx(1.5));
}

TEST_CASE("planted logarithms: the corrected exponent's interval covers, and the verdict is finite-size") {
  // Capacity 0.02 d^(4/3) log(d)^2: the local slope at d = 512 is still 0.3 above theory's 4/3.
  int covered = 0, finite_size = 0;
  for (std::uint64_t experiment = 1; experiment <= 100; ++experiment) {
    std::mt19937_64 engine(experiment);
    std::vector<Record> records;
    for (std::int64_t d : {64, 128, 256, 512, 1024, 2048})
      for (std::int64_t seed = 1; seed <= 8; ++seed) {
        const double log_d = std::log(static_cast<double>(d));
        const double mean = 2 * std::pow(d, 4.0 / 3) * log_d * log_d;
        records.push_back(
            planted_record(planted_trial(OptimizerKind::muon, d, 1.5, seed), mean * std::exp(0.02 * normal(engine))));
      }
    const Coefficient c = fit_scaling(aggregate(records)).families.at(0).exponents.at(0).c;
    REQUIRE(c.corrected);
    covered += covers(*c.corrected, 4.0 / 3);
    finite_size += c.verdict == Verdict::finite_size;
  }
  CHECK(covered >= 90);
  CHECK(finite_size >= 90);
}

TEST_CASE("a plain power law of another exponent is not consistent") {
  const auto fit = fit_scaling(aggregate(planted({.c1 = 1.2, .factor = 100, .noise = 0.02, .seeds = 8})));
  for (const Exponent& e : fit.families.at(0).exponents) CHECK(e.c.verdict == Verdict::not_consistent);
}
