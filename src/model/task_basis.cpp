#include "memscale/model/task_basis.hpp"

#include <cmath>
#include <stdexcept>
#include <vector>

#include "memscale/linalg/blas.hpp"
#include "memscale/linalg/polar.hpp"
#include "memscale/model/gaussian_stream.hpp"

namespace memscale {

namespace {

/// R(a, b, c) = R_z(a) R_y(b) R_z(c)
Matrix euler_rotation(double a, double b, double c) {
  const double ca = std::cos(a), sa = std::sin(a), cb = std::cos(b), sb = std::sin(b), cc = std::cos(c),
               sc = std::sin(c);
  Matrix r(3, 3);
  r << ca * cb * cc - sa * sc, -ca * cb * sc - sa * cc, ca * sb,  //
      sa * cb * cc + ca * sc, -sa * cb * sc + ca * cc, sa * sb,   //
      -sb * cc, sb * sc, cb;
  return r;
}

Matrix haar_matrix(std::int64_t d, std::uint64_t seed, Purpose purpose) {
  const std::vector<double> ones(static_cast<std::size_t>(d), 1);
  MatrixF normal(d, d);
  GaussianStream(seed, purpose, ones).draw(0, d, normal.data());
  return polar_factor(Matrix(normal.cast<double>()));
}

/// (I (x) left) x (I (x) right)^T, left and right (3, 3)
Matrix turn_by_threes(const Matrix& left, const Matrix& x, const Matrix& right) {
  Matrix turned(x.rows(), x.cols());
  Eigen::Matrix<double, 3, Eigen::Dynamic, Eigen::RowMajor> rows(3, x.cols());
  const Eigen::Matrix3d l = left, r = right.transpose();
  for (Eigen::Index i = 0; i < x.rows(); i += 3) {
    rows.noalias() = l * x.middleRows(i, 3);
    for (Eigen::Index j = 0; j < x.cols(); j += 3) turned.block<3, 3>(i, j).noalias() = rows.middleCols<3>(j) * r;
  }
  return turned;
}

}  // namespace

TaskBasis::TaskBasis(TaskBasisKind kind, std::int64_t d, std::uint64_t seed) : kind_(kind) {
  if (kind == TaskBasisKind::coupled) {
    if (d % 3 != 0) throw std::invalid_argument("a coupled basis of a dimension that 3 does not divide");
    e_ = euler_rotation(1.715, 0.876, 3.098);
    e_tilde_ = euler_rotation(3.638, 2.949, 5.218);
  } else if (kind == TaskBasisKind::haar) {
    e_ = haar_matrix(d, seed, Purpose::task_inputs);
    e_tilde_ = haar_matrix(d, seed, Purpose::task_outputs);
  }
}

Matrix TaskBasis::to_raw(const Matrix& task) const {
  using blas::Op;
  if (is_identity()) return task;
  if (kind_ == TaskBasisKind::coupled) return turn_by_threes(e_, task, e_tilde_);
  Matrix half(task.rows(), task.cols()), raw(task.rows(), task.cols());
  blas::gemm(Op::none, Op::none, 1.0, e_, task, 0.0, half);
  blas::gemm(Op::none, Op::transpose, 1.0, half, e_tilde_, 0.0, raw);
  return raw;
}

Matrix TaskBasis::to_task(const Matrix& raw) const {
  using blas::Op;
  if (is_identity()) return raw;
  if (kind_ == TaskBasisKind::coupled) return turn_by_threes(e_.transpose(), raw, e_tilde_.transpose());
  Matrix half(raw.rows(), raw.cols()), task(raw.rows(), raw.cols());
  blas::gemm(Op::transpose, Op::none, 1.0, e_, raw, 0.0, half);
  blas::gemm(Op::none, Op::none, 1.0, half, e_tilde_, 0.0, task);
  return task;
}

}  // namespace memscale
