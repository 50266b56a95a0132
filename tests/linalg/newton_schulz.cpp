#include "memscale/linalg/newton_schulz.hpp"

#include <cmath>

#include "catch.hpp"
#include "memscale/linalg/blas.hpp"
#include "memscale/linalg/polar.hpp"
#include "random_matrix.hpp"

namespace memscale {

using test::random_matrix;

namespace {

double evaluate(const NewtonSchulzStep& p, double x) {
  return p.a * x + p.b * std::pow(x, 3) + p.c * std::pow(x, 5);
}

double worst_error(const NewtonSchulzStep& p, double lower, double upper) {
  double worst = 0;
  for (int i = 0; i <= 20000; ++i)
    worst = std::max(worst, std::abs(1 - evaluate(p, lower + (upper - lower) * i / 20000)));
  return worst;
}

/// The iteration by plain sums.
Matrix plain_newton_schulz(const Matrix& g, std::span<const NewtonSchulzStep> steps) {
  const auto n = g.rows();
  double norm = 0;
  for (double entry : g.reshaped()) norm += entry * entry;
  Matrix x = g / std::sqrt(norm);
  const auto product = [n](const Matrix& left, const Matrix& right) {
    Matrix sum = Matrix::Zero(n, n);
    for (Eigen::Index i = 0; i < n; ++i)
      for (Eigen::Index j = 0; j < n; ++j)
        for (Eigen::Index k = 0; k < n; ++k) sum(i, j) += left(i, k) * right(k, j);
    return sum;
  };
  for (const NewtonSchulzStep& step : steps) {
    const Matrix a = product(x, x.transpose());
    x = step.a * x + step.b * product(a, x) + step.c * product(a, product(a, x));
  }
  return x;
}

}  // namespace

TEST_CASE("Newton-Schulz is its definition, for every set of coefficients", "[linalg]") {
  std::mt19937_64 generator(33);
  const Matrix g = random_matrix(13, 13, generator);
  using enum NewtonSchulzSet;
  for (NewtonSchulzSet set : {jordan, cubic, quintic, polar_express, cans})
    for (int count : {1, 2, 5, 9}) {
      const auto steps = newton_schulz_coefficients(set, count, 1e-3);
      CHECK((newton_schulz(g, steps) - plain_newton_schulz(g, steps)).norm() < 1e-11);
    }
}

TEST_CASE("Newton-Schulz acts on singular values as the scalar polynomials do", "[linalg]") {
  std::mt19937_64 generator(8);
  const Matrix g = random_matrix(12, 12, generator);
  const blas::Svd factors = blas::svd(g);
  using enum NewtonSchulzSet;
  for (NewtonSchulzSet set : {jordan, cubic, quintic, polar_express, cans}) {
    const auto steps = newton_schulz_coefficients(set, 5, 1e-3);
    REQUIRE(steps.size() == 5);
    Vector s = factors.values / g.norm();
    for (const auto& step : steps) s = s.unaryExpr([&](double x) { return evaluate(step, x); });
    const Matrix expected = factors.left * s.asDiagonal() * factors.right_t;
    CHECK((newton_schulz(g, steps) - expected).norm() < 1e-10);
  }
  CHECK(newton_schulz(Matrix::Zero(3, 3), newton_schulz_coefficients(jordan, 5, 0)).norm() == 0);
  CHECK_THROWS_AS(newton_schulz_coefficients(none, 5, 1e-3), std::invalid_argument);
}

TEST_CASE("the convergent sets reach msgn", "[linalg]") {
  std::mt19937_64 generator(9);
  const Matrix g = random_matrix(16, 16, generator), q = polar_factor(g);
  using enum NewtonSchulzSet;
  for (const auto& [set, steps] : {std::pair{cubic, 60}, {quintic, 40}, {polar_express, 15}, {cans, 25}})
    CHECK((newton_schulz(g, newton_schulz_coefficients(set, steps, 1e-3)) - q).norm() < 1e-9);
}

TEST_CASE("polar-express and cans drive a spectrum within [lower, 1] to 1, step by step", "[linalg]") {
  std::mt19937_64 generator(34);
  constexpr int n = 24;
  const blas::Svd factors = blas::svd(random_matrix(n, n, generator));
  for (double decades : {1.0, 3.0, 6.0}) {
    Vector s(n);
    for (int k = 0; k < n; ++k) s(k) = std::pow(10.0, -decades * k / (n - 1));
    s /= s.norm();
    const double lower = s(n - 1);
    const Matrix g = factors.left * s.asDiagonal() * factors.right_t;
    for (NewtonSchulzSet set : {NewtonSchulzSet::polar_express, NewtonSchulzSet::cans}) {
      const auto steps = newton_schulz_coefficients(set, 30, lower);
      double l = lower;
      for (std::size_t count = 1; count <= steps.size(); ++count) {
        l = evaluate(steps[count - 1], l);  // the least of the image, which lies within [l, 2 - l]
        const Vector values = blas::singular_values(newton_schulz(g, std::span(steps).first(count)));
        CHECK((values.array() - 1).abs().maxCoeff() <= 1 - l + 1e-9);
      }
      CHECK(l == Approx(1).epsilon(1e-12));
    }
  }
}

TEST_CASE("minimax polynomials equioscillate about 1, so none of their degree is nearer", "[linalg]") {
  for (const auto& [lower, upper] : {std::pair{0.03, 1.0}, {0.2, 1.8}, {0.5, 1.5}, {0.9, 1.1}}) {
    const NewtonSchulzStep cubic = minimax_cubic(lower, upper), quintic = minimax_quintic(lower, upper);
    const double cubic_error = worst_error(cubic, lower, upper), quintic_error = worst_error(quintic, lower, upper);
    CHECK(quintic_error < cubic_error);
    for (const auto& [p, error] : {std::pair{cubic, cubic_error}, {quintic, quintic_error}}) {
      CHECK(1 - evaluate(p, lower) == Approx(error).margin(1e-9));  // below 1 at both ends, the worst error there
      // an even number of degrees of freedom ends on the same side for 3 points, on the other for 4
      CHECK(std::abs(1 - evaluate(p, upper)) == Approx(error).margin(1e-9));
    }
    CHECK(1 - evaluate(cubic, upper) > 0);
    CHECK(1 - evaluate(quintic, upper) < 0);
  }
}

TEST_CASE("Polar Express gives the coefficients that its authors print for lower = 1e-3", "[linalg]") {
  // arXiv 2505.16932, listing of the implementation; before its safety factor
  const double printed[][3] = {{8.28721201814563, -23.595886519098837, 17.300387312530933},
                               {4.107059111542203, -2.9478499167379106, 0.5448431082926601},
                               {3.9486908534822946, -2.908902115962949, 0.5518191394370137},
                               {3.3184196573706015, -2.488488024314874, 0.51004894012372},
                               {2.300652019954817, -1.6689039845747493, 0.4188073119525673},
                               {1.891301407787398, -1.2679958271945868, 0.37680408948524835},
                               {1.8750014808534479, -1.2500016453999487, 0.3750001645474248}};
  const auto steps = newton_schulz_coefficients(NewtonSchulzSet::polar_express, 7, 1e-3);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    CHECK(steps[i].a == Approx(printed[i][0]).epsilon(1e-5));
    CHECK(steps[i].b == Approx(printed[i][1]).epsilon(1e-5));
    CHECK(steps[i].c == Approx(printed[i][2]).epsilon(1e-5));
  }
}

}  // namespace memscale
