#include "memscale/analysis/curve_fit.hpp"

#include <cmath>

#include "analysis/covers.hpp"
#include "analysis/planted.hpp"
#include "catch.hpp"

using namespace memscale;

namespace {

/// theta_0 (1 - exp(-theta_1 x))
double saturation(double x, std::span<const double> theta, std::span<double> gradient) {
  const double decay = std::exp(-theta[1] * x);
  gradient[0] = 1 - decay;
  gradient[1] = theta[0] * x * decay;
  return theta[0] * (1 - decay);
}

/// Points of different d, whose deviations are normal with this standard error.
std::vector<LawPoint> noisy_points(double error, std::mt19937_64& engine) {
  std::vector<LawPoint> points;
  for (int i = 1; i <= 8; ++i) {
    LawPoint point;
    point.x = i;
    point.d = i;
    point.seeds = 30;
    std::vector<double> gradient(2);
    point.y = saturation(i, std::vector<double>{2, 0.4}, gradient) + error * normal(engine);
    for (int r = 0; r < 400; ++r) point.deviations.push_back(static_cast<float>(error * normal(engine)));
    points.push_back(point);
  }
  return points;
}

}  // namespace

TEST_CASE("NIST's Misra1a: certified parameters, standard deviations and residual, from both certified starts") {
  // NIST StRD, nonlinear regression, Misra1a (lower difficulty).
  constexpr double data[][2] = {{10.07, 77.6},  {14.73, 114.9}, {17.94, 141.1}, {23.93, 190.8}, {29.61, 239.9},
                                {35.18, 289.0}, {40.02, 332.8}, {44.82, 378.4}, {50.76, 434.8}, {55.05, 477.3},
                                {61.01, 536.8}, {66.40, 593.1}, {75.47, 689.1}, {81.78, 760.0}};
  std::vector<LawPoint> points;
  for (const auto& [y, x] : data) points.push_back({x, y, 1, 1, {}});
  for (const std::vector<double>& start : {std::vector<double>{500, 0.0001}, std::vector<double>{250, 0.0005}}) {
    const auto fit = fit_curve(points, saturation, start);
    REQUIRE(fit);
    CHECK(fit->values[0] == Approx(2.3894212918e2).epsilon(1e-7));
    CHECK(fit->values[1] == Approx(5.5015643181e-4).epsilon(1e-7));
    CHECK(fit->by_fit[0].standard_error == Approx(2.7070075241).epsilon(1e-5));
    CHECK(fit->by_fit[1].standard_error == Approx(7.2668688436e-6).epsilon(1e-5));
    CHECK(fit->goodness.rms * std::sqrt(14.0 / 12) == Approx(1.0187876330e-1).epsilon(1e-7));
    CHECK_FALSE(fit->by_seeds[0].has_interval());  // one seed
  }
}

TEST_CASE("intervals of resamples cover the truth, refitted and linear, and agree with the fit's covariance") {
  for (Resampling how : {Resampling::refitted, Resampling::linear}) {
    int limit = 0, rate = 0;
    double by_seeds = 0, by_fit = 0;
    for (std::uint64_t experiment = 0; experiment < 100; ++experiment) {
      std::mt19937_64 engine(experiment + 1);
      const auto fit = fit_curve(noisy_points(0.05, engine), saturation, {1, 1}, {400, how});
      REQUIRE(fit);
      limit += covers(fit->by_seeds[0], 2);
      rate += covers(fit->by_seeds[1], 0.4);
      by_seeds += fit->by_seeds[1].standard_error / 100;
      by_fit += fit->by_fit[1].standard_error / 100;
    }
    INFO("linear " << (how == Resampling::linear) << ": " << limit << " " << rate);
    CHECK(limit >= 90);
    CHECK(rate >= 90);
    CHECK(by_seeds == Approx(by_fit).epsilon(0.1));
  }
  CHECK(resamples_of(1000, 100).how == Resampling::refitted);
  CHECK(resamples_of(1000, 101).how == Resampling::linear);
}

TEST_CASE("a fit that begins at its minimum stays there") {
  std::mt19937_64 engine(5);
  const auto points = noisy_points(0.05, engine);
  const auto fit = fit_curve(points, saturation, {1, 1}, {0});
  REQUIRE(fit);
  const auto again = fit_curve(points, saturation, fit->values, {0});
  REQUIRE(again);
  CHECK(again->values[0] == Approx(fit->values[0]).epsilon(1e-7));
}

TEST_CASE("points that do not determine the parameters give no fit") {
  std::vector<LawPoint> points(3, LawPoint{1, 1, 1, 1, {}});
  CHECK_FALSE(fit_curve(points, saturation, {1, 1}));
  CHECK_FALSE(fit_curve({points.data(), 1}, saturation, {1, 1}));
  const Curve nowhere = [](double, std::span<const double>, std::span<double>) { return std::nan(""); };
  CHECK_FALSE(fit_curve(points, nowhere, {1}));
}
