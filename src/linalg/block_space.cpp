#include "memscale/linalg/block_space.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>

#include "memscale/linalg/blas.hpp"
#include "memscale/linalg/newton_schulz.hpp"
#include "memscale/linalg/polar.hpp"
#include "memscale/linalg/spectrum.hpp"

namespace memscale {

BlockSpace::BlockSpace(std::vector<std::int64_t> sizes) : sizes_(std::move(sizes)) {
  const auto m = groups();
  roots_.resize(m);
  inner_.resize(m);
  for (Eigen::Index g = 0; g < m; ++g) {
    const std::int64_t count = sizes_[static_cast<std::size_t>(g)];
    if (count < 1) throw std::invalid_argument("a group without items");
    roots_(g) = std::sqrt(static_cast<double>(count));
    inner_(g) = static_cast<double>(count - 1);
    size_ += count;
  }
}

BlockSpace::Parts BlockSpace::split(const Matrix& x) const {
  const auto m = groups();
  Parts parts{roots_.asDiagonal() * x.leftCols(m) * roots_.asDiagonal(), Vector(m)};
  for (Eigen::Index g = 0; g < m; ++g) {
    parts.quotient(g, g) = x(g, m) + inner_(g) * x(g, g);
    parts.within(g) = inner_(g) > 0 ? x(g, m) - x(g, g) : 0;
  }
  return parts;
}

Matrix BlockSpace::join(const Parts& parts) const {
  const auto m = groups();
  Matrix x(m, m + 1);
  x.leftCols(m) = roots_.cwiseInverse().asDiagonal() * parts.quotient * roots_.cwiseInverse().asDiagonal();
  for (Eigen::Index g = 0; g < m; ++g) {
    // w (I - 1 1^T / c) + Q_gg 1 1^T / c
    const double count = inner_(g) + 1, q = parts.quotient(g, g), w = parts.within(g);
    x(g, m) = (q + inner_(g) * w) / count;
    x(g, g) = inner_(g) > 0 ? (q - w) / count : 0;
  }
  return x;
}

double BlockSpace::norm(const Parts& parts) const {
  return std::hypot(parts.quotient.stableNorm(), (inner_.cwiseSqrt().cwiseProduct(parts.within)).stableNorm());
}

double BlockSpace::norm(const Matrix& x) const {
  return norm(split(x));
}

double BlockSpace::inner(const Matrix& x, const Matrix& y) const {
  const Parts a = split(x), b = split(y);
  return a.quotient.cwiseProduct(b.quotient).sum() + (inner_.array() * a.within.array() * b.within.array()).sum();
}

Matrix BlockSpace::polar_factor(const Matrix& x) const {
  Parts parts = split(x);
  const blas::Svd factors = blas::svd(parts.quotient);
  const double largest = std::max(factors.values(0), parts.within.cwiseAbs().maxCoeff());
  const double cutoff = singular_value_cutoff(largest, size_);
  parts.quotient = memscale::polar_factor(factors, cutoff);
  parts.within = parts.within.unaryExpr([&](double w) { return std::abs(w) > cutoff ? std::copysign(1.0, w) : 0.0; });
  return join(parts);
}

Matrix BlockSpace::regularized_polar_factor(const Matrix& x, double lambda) const {
  Parts parts = split(x);
  parts.quotient = memscale::regularized_polar_factor(parts.quotient, lambda);
  parts.within = parts.within.unaryExpr([&](double w) { return w / std::hypot(w, lambda); });
  return join(parts);
}

Matrix BlockSpace::newton_schulz(const Matrix& x, std::span<const NewtonSchulzStep> steps) const {
  Parts parts = split(x);
  const double length = norm(parts);
  if (length == 0) return x;
  parts.quotient = newton_schulz_of_scaled(parts.quotient / length, steps);
  // s <- a s + b s^3 + c s^5
  for (double& w : parts.within) {
    w /= length;
    for (const NewtonSchulzStep& step : steps) w *= step.a + w * w * (step.b + step.c * w * w);
  }
  return join(parts);
}

Vector BlockSpace::singular_values(const Matrix& x) const {
  const Parts parts = split(x);
  const Vector of_quotient = blas::singular_values(parts.quotient);
  Vector values(size_);
  auto next = std::copy(of_quotient.begin(), of_quotient.end(), values.begin());
  for (Eigen::Index g = 0; g < groups(); ++g)
    next = std::fill_n(next, static_cast<Eigen::Index>(inner_(g)), std::abs(parts.within(g)));
  std::sort(values.begin(), values.end(), std::greater<>());
  return values;
}

Matrix BlockSpace::expand(const Matrix& x) const {
  Matrix all(size_, size_);
  Eigen::Index row = 0;
  for (Eigen::Index g = 0; g < groups(); ++g) {
    const auto height = static_cast<Eigen::Index>(sizes_[static_cast<std::size_t>(g)]);
    Eigen::Index column = 0;
    for (Eigen::Index h = 0; h < groups(); ++h) {
      const auto width = static_cast<Eigen::Index>(sizes_[static_cast<std::size_t>(h)]);
      all.block(row, column, height, width).setConstant(x(g, h));
      column += width;
    }
    all.diagonal().segment(row, height).setConstant(x(g, groups()));
    row += height;
  }
  return all;
}

}  // namespace memscale
