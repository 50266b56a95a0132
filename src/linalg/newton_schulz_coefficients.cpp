#include "memscale/linalg/newton_schulz_coefficients.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace memscale {

namespace {

double evaluate(const NewtonSchulzStep& p, double x) {
  return x * (p.a + x * x * (p.b + x * x * p.c));
}

/// p(x) with every coefficient multiplied by `factor`.
NewtonSchulzStep scaled(const NewtonSchulzStep& p, double factor) {
  return {p.a * factor, p.b * factor, p.c * factor};
}

/// p(x / u): the polynomial for singular values in units of u.
NewtonSchulzStep in_units_of(double u, const NewtonSchulzStep& p) {
  return {p.a / u, p.b / std::pow(u, 3), p.c / std::pow(u, 5)};
}

constexpr NewtonSchulzStep jordan{3.4445, -4.7750, 2.0315};               // Jordan 2024
constexpr NewtonSchulzStep classical_cubic{1.5, -0.5, 0};                 // Newton-Schulz of order 2
constexpr NewtonSchulzStep classical_quintic{15. / 8, -10. / 8, 3. / 8};  // order 3

/// Polar Express (arXiv 2505.16932, Algorithm 1): the composition of minimax quintics on the interval that the singular
/// values are left in. Its cushion keeps lower/upper >= 0.0241 in the fit, so that p stays bounded away from 0 inside
/// the interval; p is then centred again on the true interval.
std::vector<NewtonSchulzStep> polar_express(int steps, double lower) {
  constexpr double cushion = 0.02407327424182761;  // of the authors' reference implementation
  std::vector<NewtonSchulzStep> all;
  double l = lower, u = 1;
  for (int step = 0; step < steps; ++step) {
    NewtonSchulzStep p = minimax_quintic(std::max(l, cushion * u), u);
    p = scaled(p, 2 / (evaluate(p, l) + evaluate(p, u)));  // 1 - p(l) = p(u) - 1
    all.push_back(p);
    l = evaluate(p, l);
    u = 2 - l;
  }
  return all;
}

/// CANS (arXiv 2506.10935): minimax cubics in turn.
std::vector<NewtonSchulzStep> chebyshev_cubics(int steps, double lower) {
  std::vector<NewtonSchulzStep> all;
  double l = lower, u = 1;
  for (int step = 0; step < steps; ++step) {
    all.push_back(minimax_cubic(l, u));
    l = evaluate(all.back(), l);
    u = 2 - l;
  }
  return all;
}

}  // namespace

NewtonSchulzStep minimax_quintic(double lower, double upper) {
  const double l = lower / upper;                                  // fit on [l, 1], then change units
  if (1 - l < 5e-6) return in_units_of(upper, classical_quintic);  // the limit l -> 1, where the system is singular
  // Remez: p(x) equioscillates about 1 at l, q, r, 1; q and r are the extrema of p inside.
  double q = (3 * l + 1) / 4, r = (l + 3) / 4, old_error = std::numeric_limits<double>::infinity();
  NewtonSchulzStep p{};
  for (int iteration = 0; iteration < 100; ++iteration) {
    Eigen::Matrix4d system;
    const auto row = [](double x, double sign) { return Eigen::RowVector4d(x, std::pow(x, 3), std::pow(x, 5), sign); };
    system << row(l, 1), row(q, -1), row(r, 1), row(1, -1);
    const Eigen::Vector4d solution = system.fullPivLu().solve(Eigen::Vector4d::Ones());
    p = {solution(0), solution(1), solution(2)};
    if (std::abs(solution(3) - old_error) < 1e-15) break;
    old_error = solution(3);
    // p'(x) = a + 3 b x^2 + 5 c x^4 = 0
    const double root = std::sqrt(std::max(0.0, 9 * p.b * p.b - 20 * p.a * p.c));
    q = std::sqrt((-3 * p.b - root) / (10 * p.c));
    r = std::sqrt((-3 * p.b + root) / (10 * p.c));
  }
  return in_units_of(upper, p);
}

NewtonSchulzStep minimax_cubic(double lower, double upper) {
  // p = 3 e^2 k x - k x^3 with p(l) = p(u) = 1 - error, p(e) = 1 + error at its maximum e: e^2 = (l^2 + l u + u^2) / 3
  // from p(l) = p(u), and k = 2 / (2 e^3 + l^2 u + l u^2) from p(l) + p(e) = 2.
  const double l = lower, u = upper, e = std::sqrt((l * l + l * u + u * u) / 3);
  const double k = 2 / (2 * e * e * e + l * l * u + l * u * u);
  return {3 * e * e * k, -k, 0};
}

std::vector<NewtonSchulzStep> newton_schulz_coefficients(NewtonSchulzSet set, int steps, double lower) {
  const auto count = static_cast<std::size_t>(steps);
  switch (set) {
    case NewtonSchulzSet::jordan:
      return std::vector(count, jordan);
    case NewtonSchulzSet::cubic:
      return std::vector(count, classical_cubic);
    case NewtonSchulzSet::quintic:
      return std::vector(count, classical_quintic);
    case NewtonSchulzSet::polar_express:
      return polar_express(steps, lower);
    case NewtonSchulzSet::cans:
      return chebyshev_cubics(steps, lower);
    case NewtonSchulzSet::none:
      break;
  }
  throw std::invalid_argument("newton-schulz without coefficients");
}

}  // namespace memscale
