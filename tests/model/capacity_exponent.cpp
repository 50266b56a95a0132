#include "memscale/model/capacity_exponent.hpp"

#include <limits>
#include <stdexcept>

#include "catch.hpp"

namespace memscale {

TEST_CASE("muon's exponent follows its recursion from 1 to 2", "[model]") {
  for (double alpha : {0.6, 1.0, 1.25, 1.5, 2.0, 3.0, 20.0}) {
    CHECK(muon_exponent(alpha, 0) == 1);
    CHECK(muon_exponent(alpha, 1) == Approx(1 + 1 / (2 * alpha)).epsilon(1e-14));
    double e = 1;
    for (int t = 1; t < 50; ++t) {
      e = e * (1 - 1 / (2 * alpha)) + 1 / alpha;
      CHECK(muon_exponent(alpha, t) == Approx(e).epsilon(1e-13));
    }
    CHECK(muon_exponent(alpha, 10000) == Approx(2).epsilon(1e-13));
  }
  CHECK(muon_exponent(1.5, 2) == Approx(14. / 9).epsilon(1e-14));  // 2 - (2/3)^2
}

TEST_CASE("gd's exponent is t / (2 alpha) up to the first step that reaches 1, then muon's recursion", "[model]") {
  for (double alpha : {0.6, 1.0, 1.25, 1.5, 2.0, 3.0, 20.0}) {
    const double x = 1 / (2 * alpha);
    double e = 0;
    CHECK(gd_exponent(alpha, 0) == 0);
    for (int t = 1; t < 100; ++t) {
      e = e < 1 ? e + x : e * (1 - x) + 2 * x;
      CHECK(gd_exponent(alpha, t) == Approx(e).epsilon(1e-12));
    }
    CHECK(gd_exponent(alpha, 10000) == Approx(2).epsilon(1e-13));
  }
  // alpha = 1.25: 0.4, 0.8, then across 1 by the same 0.4, then the recursion: 1.2 * 0.6 + 0.8
  CHECK(gd_exponent(1.25, 3) == Approx(1.2).epsilon(1e-14));
  CHECK(gd_exponent(1.25, 4) == Approx(1.52).epsilon(1e-14));
  // 2 alpha whole: gd stands where muon started, 2 alpha steps later
  for (int t = 0; t < 5; ++t) CHECK(gd_exponent(1.5, 3 + t) == Approx(muon_exponent(1.5, t)).epsilon(1e-14));
}

TEST_CASE("exponents exist for alpha above 1/2 only", "[model]") {
  for (double alpha : {0.5, 0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    CHECK_THROWS_AS(muon_exponent(alpha, 1), std::invalid_argument);
    CHECK_THROWS_AS(gd_exponent(alpha, 1), std::invalid_argument);
  }
  CHECK_THROWS_AS(muon_exponent(1.5, -1), std::invalid_argument);
  CHECK_THROWS_AS(gd_exponent(1.5, -1), std::invalid_argument);
}

}  // namespace memscale
