#pragma once

#include <random>

#include "memscale/linalg/matrix.hpp"

namespace memscale::test {

/// Standard normal entries from an explicit generator: no test shares state with another.
inline Matrix random_matrix(Eigen::Index rows, Eigen::Index cols, std::mt19937_64& generator) {
  std::normal_distribution<double> normal;
  return Matrix::NullaryExpr(rows, cols, [&] { return normal(generator); });
}

}  // namespace memscale::test
