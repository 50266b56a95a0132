#include "memscale/linalg/spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "memscale/linalg/blas.hpp"
#include "memscale/linalg/polar.hpp"
#include "random_matrix.hpp"

namespace memscale {

TEST_CASE("the cutoff grows with the rounding of LAPACK", "[linalg]") {
  constexpr double eps = std::numeric_limits<double>::epsilon();
  CHECK(singular_value_cutoff(Vector::Constant(4, 2.0)) == 16 * eps);
  CHECK(singular_value_cutoff(Vector::Constant(400, 2.0)) == 40 * eps);
  const Spectrum rounded = spectrum_of((Vector(4) << 1, 1, 1e-16, 1e-17).finished());
  CHECK(rounded.quartile_ratio == std::numeric_limits<double>::infinity());
  CHECK(rounded.effective_rank == Approx(2));
  CHECK(rounded.smallest == 1e-17);
}

TEST_CASE("the spectrum of known singular values", "[linalg]") {
  // s^2 = 4, 2, 1, 1: q = 1/2, 1/4, 1/8, 1/8, entropy (1/2 + 1/2 + 3/8 + 3/8) ln 2 = 7/4 ln 2
  const Spectrum spectrum = spectrum_of((Vector(4) << 2, std::sqrt(2.0), 1, 1).finished());
  CHECK(spectrum.largest == 2);
  CHECK(spectrum.smallest == 1);
  CHECK(spectrum.entropy == Approx(1.75 / 2).epsilon(1e-14));
  CHECK(spectrum.effective_rank == Approx(std::pow(2, 1.75)).epsilon(1e-14));
  CHECK(spectrum.top_energy == Approx(0.5).epsilon(1e-14));      // ceil(4 / 10) = 1 value
  CHECK(spectrum.quartile_ratio == Approx(2.5).epsilon(1e-14));  // Q75 = 2 + 1/4 (4 - 2), Q25 = 1
}

TEST_CASE("the spectrum equals its formulas on random values of any scale", "[linalg]") {
  std::mt19937_64 generator(35);
  for (int n : {2, 3, 10, 11, 64})
    for (double scale : {1.0, 1e-200, 1e200}) {
      std::vector<double> s(static_cast<std::size_t>(n));
      for (double& value : s) value = std::exponential_distribution()(generator);
      std::sort(s.rbegin(), s.rend());
      double total = 0, nats = 0, top = 0;
      for (double value : s) total += value * value;
      for (std::size_t k = 0; k < s.size(); ++k) {
        const double q = s[k] * s[k] / total;
        nats -= q * std::log(q);
        if (10 * k < s.size()) top += q;  // the first ceil(n / 10)
      }
      const auto quantile = [&](double fraction) {
        const double at = fraction * (n - 1);
        const int left = std::min(static_cast<int>(at), n - 2);
        const auto ascending = [&](int k) { return std::pow(s[static_cast<std::size_t>(n - 1 - k)], 2); };
        return ascending(left) + (at - left) * (ascending(left + 1) - ascending(left));
      };
      const Spectrum spectrum = spectrum_of(scale * Eigen::Map<const Vector>(s.data(), n));
      CHECK(spectrum.largest == scale * s.front());
      CHECK(spectrum.smallest == scale * s.back());
      CHECK(spectrum.entropy == Approx(nats / std::log(n)).epsilon(1e-12));
      CHECK(spectrum.effective_rank == Approx(std::exp(nats)).epsilon(1e-12));
      CHECK(spectrum.top_energy == Approx(top).epsilon(1e-12));
      CHECK(spectrum.quartile_ratio == Approx(quantile(0.75) / quantile(0.25)).epsilon(1e-12));
    }
}

TEST_CASE("isotropic, rank-one, single and zero spectra", "[linalg]") {
  for (int n : {1, 2, 7, 40}) {
    const Spectrum spectrum = spectrum_of(Vector::Constant(n, 3));
    CHECK(spectrum.entropy == Approx(1).epsilon(1e-13));
    CHECK(spectrum.effective_rank == Approx(n).epsilon(1e-13));
    CHECK(spectrum.top_energy == Approx(std::ceil(n / 10.0) / n).epsilon(1e-13));
    CHECK(spectrum.quartile_ratio == 1);
  }
  const Spectrum rank_one = spectrum_of(Vector::Unit(8, 0));
  CHECK(rank_one.entropy == 0);
  CHECK(rank_one.effective_rank == 1);
  CHECK(rank_one.top_energy == 1);
  CHECK(rank_one.quartile_ratio == std::numeric_limits<double>::infinity());  // Q75 = Q25 = 0
  CHECK(spectrum_of(Vector::Unit(2, 0)).quartile_ratio == 3);                 // interpolated: 0.75 over 0.25
  CHECK(spectrum_of((Vector(4) << 2, 1, 0, 0).finished()).quartile_ratio == std::numeric_limits<double>::infinity());
  const Spectrum zero = spectrum_of(Vector::Zero(5));
  CHECK(zero.largest == 0);
  CHECK(zero.smallest == 0);
  for (double value : {zero.entropy, zero.effective_rank, zero.top_energy, zero.quartile_ratio})
    CHECK(std::isnan(value));
}

TEST_CASE("polar_distance measures from the polar factor", "[linalg]") {
  std::mt19937_64 generator(36);
  const int n = 9;
  const DenseSpace space(n);
  const Matrix g = test::random_matrix(n, n, generator), o = polar_factor(g);
  CHECK(polar_distance(space, o, o).distance == 0);
  CHECK(polar_distance(space, o, o).cosine == Approx(1).epsilon(1e-14));
  CHECK(polar_distance(space, -2 * o, o).distance == Approx(3).epsilon(1e-14));  // ||O||_F = sqrt(d)
  CHECK(polar_distance(space, -2 * o, o).cosine == Approx(-1).epsilon(1e-14));
  // <G, O> = sum of the singular values of G
  const Vector s = blas::singular_values(g);
  CHECK(polar_distance(space, g, o).cosine == Approx(s.sum() / (s.norm() * std::sqrt(n))).epsilon(1e-13));
  CHECK(polar_distance(space, g, o).distance == Approx((s.array() - 1).matrix().norm() / std::sqrt(n)).epsilon(1e-13));
  CHECK(polar_distance(space, Matrix::Zero(n, n), o).distance == Approx(1).epsilon(1e-14));
  CHECK(std::isnan(polar_distance(space, Matrix::Zero(n, n), o).cosine));
  CHECK(std::isnan(polar_distance(space, g, Matrix::Zero(n, n)).cosine));
}

}  // namespace memscale
