#pragma once

#include <cmath>

#include "memscale/model/gaussian_memory.hpp"

/// Slow, obvious twins of the kernels.
namespace memscale::test {

/// Scores s_ij = u_j^T W v_i, (items, items) in float64.
inline Matrix scores(const GaussianMemory& memory, const Matrix& weights) {
  return memory.v.cast<double>() * weights.transpose() * memory.u.cast<double>().transpose();
}

/// Recovered by the definition: s_ii > s_ij + margin for every j != i; W v_i = 0 recovers nothing.
inline std::vector<std::uint8_t> recovered(const GaussianMemory& memory, const Matrix& weights, double margin = 0) {
  std::vector<std::uint8_t> result;
  for (Eigen::Index i = 0; i < memory.items(); ++i) {
    const Vector x = weights * memory.v.row(i).transpose().cast<double>();
    const auto score = [&](Eigen::Index j) {
      double sum = 0;
      for (Eigen::Index k = 0; k < x.size(); ++k) sum += x(k) * static_cast<double>(memory.u(j, k));
      return sum;
    };
    const double own = score(i);
    bool wins = std::isfinite(own) && !x.isZero(0);
    for (Eigen::Index j = 0; j < memory.items() && wins; ++j) wins = j == i || own > score(j) + margin;
    result.push_back(wins);
  }
  return result;
}

/// L(W) = sum_i p_i (logsumexp_j s_ij - s_ii)
inline double loss(const GaussianMemory& memory, const Vector& p, const Matrix& weights) {
  const Matrix s = scores(memory, weights);
  double sum = 0;
  for (Eigen::Index i = 0; i < s.rows(); ++i) {
    const double top = s.row(i).maxCoeff();
    sum += p(i) * (top + std::log((s.row(i).array() - top).exp().sum()) - s(i, i));
  }
  return sum;
}

/// G(W) = sum_i p_i (u_i - sum_j pi_ij u_j) v_i^T
inline Matrix gradient(const GaussianMemory& memory, const Vector& p, const Matrix& weights) {
  const Matrix s = scores(memory, weights), u = memory.u.cast<double>();
  Matrix g = Matrix::Zero(weights.rows(), weights.cols());
  for (Eigen::Index i = 0; i < s.rows(); ++i) {
    Eigen::RowVectorXd pi = (s.row(i).array() - s.row(i).maxCoeff()).exp();
    pi /= pi.sum();
    g += p(i) * (u.row(i) - pi * u).transpose() * memory.v.row(i).cast<double>();
  }
  return g;
}

}  // namespace memscale::test
