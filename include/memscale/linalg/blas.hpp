#pragma once

#include "memscale/linalg/matrix.hpp"

/// The only place that knows the BLAS and LAPACK. Matrices are row-major; any thread may call, and all calls add to
/// `seconds`.
namespace memscale::blas {

enum class Op { none, transpose };

using ConstRef = Eigen::Ref<const Matrix, 0, Eigen::OuterStride<>>;
using ConstRefF = Eigen::Ref<const MatrixF, 0, Eigen::OuterStride<>>;
using Ref = Eigen::Ref<Matrix, 0, Eigen::OuterStride<>>;
using RefF = Eigen::Ref<MatrixF, 0, Eigen::OuterStride<>>;

/// C <- alpha op(A) op(B) + beta C. Shapes must agree (std::invalid_argument); beta = 0 does not read C.
void gemm(Op op_a, Op op_b, double alpha, const ConstRef& a, const ConstRef& b, double beta, Ref c);
void gemm(Op op_a, Op op_b, float alpha, const ConstRefF& a, const ConstRefF& b, float beta, RefF c);

/// A = left diag(values) right_t; k = min(rows, cols): left (rows, k), values (k) descending, right_t (k, cols).
struct Svd {
  Matrix left;
  Vector values;
  Matrix right_t;
};

/// Thin singular value decomposition (dgesdd, and dgesvd where that does not converge). A must be finite; throws
/// std::runtime_error where neither converges.
Svd svd(const Matrix& a);

/// Its singular values alone, descending, for a fraction of the work.
Vector singular_values(const Matrix& a);

/// X with A X = B for a symmetric positive definite A (dposv; reads A's lower triangle). False, leaving B undefined,
/// where A is not positive definite in float64; else B holds X.
[[nodiscard]] bool solve_positive_definite(Matrix a, Matrix& b);

/// Time spent in the calls above since the start of the process: the sum over all its threads, so two threads in BLAS
/// for a second add two.
double seconds();

}  // namespace memscale::blas
