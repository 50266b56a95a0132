#include "memscale/model/frequencies.hpp"

#include <cmath>

#include "catch.hpp"

namespace memscale {

TEST_CASE("Zipf frequencies: ratios i^-alpha, sum 1", "[model]") {
  for (double alpha : {0.5, 1.0, 1.5, 3.0}) {
    const Vector p = zipf_frequencies(1000, alpha);
    CHECK(p.sum() == Approx(1).epsilon(1e-13));
    for (int i : {2, 10, 1000}) CHECK(p(i - 1) / p(0) == Approx(std::pow(i, -alpha)).epsilon(1e-13));
  }
  CHECK(zipf_frequencies(1, 2)(0) == 1);
}

}  // namespace memscale
