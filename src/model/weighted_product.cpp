#include "memscale/model/weighted_product.hpp"

#include <algorithm>

#include "memscale/linalg/blas.hpp"

namespace memscale {

namespace {

constexpr Eigen::Index block_rows = 2048;  // float64 copies stay small beside the embeddings

}  // namespace

Vector column_means(const MatrixF& rows) {
  Vector sum = Vector::Zero(rows.cols());
  for (Eigen::Index i = 0; i < rows.rows(); ++i) sum += rows.row(i).transpose().cast<double>();
  return sum / static_cast<double>(rows.rows());
}

Matrix weighted_product(const MatrixF& a, const Vector& offset, const Vector& weights, const MatrixF& b) {
  Matrix product = Matrix::Zero(a.cols(), b.cols());
  Matrix left, right;
  for (Eigen::Index start = 0; start < a.rows(); start += block_rows) {
    const auto count = std::min(block_rows, a.rows() - start);
    left = a.middleRows(start, count).cast<double>();
    left.rowwise() -= offset.transpose();
    left.array().colwise() *= weights.segment(start, count).array();
    right = b.middleRows(start, count).cast<double>();
    blas::gemm(blas::Op::transpose, blas::Op::none, 1.0, left, right, 1.0, product);
  }
  return product;
}

}  // namespace memscale
