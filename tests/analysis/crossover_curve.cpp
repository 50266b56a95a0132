#include "memscale/analysis/crossover_curve.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "catch.hpp"

using namespace memscale;

namespace {

double value(double x, const std::vector<double>& theta) {
  std::vector<double> gradient(theta.size());
  return crossover_curve(x, theta, gradient);
}

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("the curve is the formula of batch_fit.hpp") {
  const double p = 300, g = 0.7, critical = 2000, a = 2, q = 1.5, m = 8;
  for (double batch : {10.0, 500.0, 2000.0, 5000.0, 1e5}) {
    const double r = batch / critical;
    const double plain = p * std::pow(std::pow(r, -g * m) + 1, -1 / m);
    const double over = p * std::pow(std::pow(r, -g * m) + std::pow(1 + a * std::pow(r, -q), -m), -1 / m);
    CHECK(value(std::log(batch), {std::log(p), g, std::log(critical)}) == Approx(std::log(plain)).epsilon(1e-12));
    CHECK(value(std::log(batch), {std::log(p), g, std::log(critical), std::log(a), std::log(q)}) ==
          Approx(std::log(over)).epsilon(1e-12));
  }
}

TEST_CASE("far below it is the branch, far above and at infinity the plateau, and never overflows") {
  for (const std::vector<double>& theta :
       {std::vector<double>{5, 0.7, 8}, std::vector<double>{5, 0.7, 8, std::log(3.0), std::log(2.0)}}) {
    CHECK(value(-300, theta) == Approx(5 + 0.7 * (-300 - 8)).epsilon(1e-12));
    CHECK(value(300, theta) == Approx(5).epsilon(1e-12));
    CHECK(value(infinity, theta) == 5);
  }
}

TEST_CASE("its gradient is the finite difference") {
  const std::vector<double> theta{5, 0.7, 8, std::log(3.0), std::log(2.0)};
  for (std::size_t parameters : {3u, 5u})
    for (double x : {2.0, 7.0, 8.0, 8.5, 9.0, 12.0}) {
      const std::vector<double> at(theta.begin(), theta.begin() + static_cast<std::ptrdiff_t>(parameters));
      std::vector<double> gradient(parameters);
      crossover_curve(x, at, gradient);
      for (std::size_t k = 0; k < parameters; ++k) {
        constexpr double h = 1e-6;
        std::vector<double> up = at, down = at;
        up[k] += h;
        down[k] -= h;
        CHECK(gradient[k] == Approx((value(x, up) - value(x, down)) / (2 * h)).margin(1e-8));
      }
    }
}

TEST_CASE("a crossover without noise is found exactly, with and without an overshoot") {
  for (const std::vector<double>& theta :
       {std::vector<double>{5, 0.6, 7}, std::vector<double>{5, 0.6, 7, std::log(2.0), std::log(1.5)}}) {
    std::vector<LawPoint> points;
    for (double x = 1; x < 14; x += 1) points.push_back({x, value(x, theta), 1, 1, {}});
    points.push_back({infinity, value(infinity, theta), 1, 1, {}});
    const auto fit = fit_crossover(points, 0.8, {0});
    REQUIRE(fit);
    REQUIRE(fit->values.size() == theta.size());
    for (std::size_t k = 0; k < theta.size(); ++k) CHECK(fit->values[k] == Approx(theta[k]).epsilon(1e-6));
  }
}

TEST_CASE("measured overshoot: Muon at alpha = 1.5, d = 256 and 512, 8 seeds, N = 100000") {
  // jobs/fig3-laptop.cfg, mean capacities. Branch 1.3 B^0.67, which meets the plateaus at about 3500 and 14500.
  constexpr std::array batch{1e2, 316.0, 1e3, 3162.0, 1e4, 31623.0, 1e5, 316228.0, 1e6, 1e7};
  constexpr std::array d256{28.9, 63.2, 143.1, 296.2, 427.5, 318.2, 309.9, 314.4, 315.2, 314.1};
  constexpr std::array d512{27.8, 64.6, 141.2, 300.6, 638.6, 1270.9, 869.4, 820.0, 810.2, 812.9};
  const auto fit_of = [&](const auto& capacity) {
    std::vector<LawPoint> points;
    for (std::size_t i = 0; i < batch.size(); ++i)
      points.push_back({std::log(batch[i]), std::log(capacity[i]), 1, 1, {}});
    return fit_crossover(points, 1 / 1.5, {0});
  };
  const auto small = fit_of(d256), large = fit_of(d512);
  REQUIRE(small);
  REQUIRE(large);
  CHECK(std::exp(small->values[0]) == Approx(314).epsilon(0.02));
  CHECK(std::exp(large->values[0]) == Approx(812).epsilon(0.02));
  CHECK(std::exp(small->values[2]) == Approx(3400).epsilon(0.15));
  CHECK(std::exp(large->values[2]) == Approx(14500).epsilon(0.15));
  CHECK(small->values.size() == 5);
  CHECK(large->goodness.rms < 0.03);
}
