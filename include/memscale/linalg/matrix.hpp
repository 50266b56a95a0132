#pragma once

#include <Eigen/Core>

namespace memscale {

/// Row-major throughout, so that a row is an item and files read by NumPy need no transposition.
using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using MatrixF = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;

}  // namespace memscale
