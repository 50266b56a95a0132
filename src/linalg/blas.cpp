#include "memscale/linalg/blas.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

extern "C" {
void sgemm_(const char*, const char*, const int*, const int*, const int*, const float*, const float*, const int*,
            const float*, const int*, const float*, float*, const int*);
void dgemm_(const char*, const char*, const int*, const int*, const int*, const double*, const double*, const int*,
            const double*, const int*, const double*, double*, const int*);
void dgesdd_(const char*, const int*, const int*, double*, const int*, double*, double*, const int*, double*,
             const int*, double*, const int*, int*, int*);
void dgesvd_(const char*, const char*, const int*, const int*, double*, const int*, double*, double*, const int*,
             double*, const int*, double*, const int*, int*);
void dposv_(const char*, const int*, const int*, double*, const int*, double*, const int*, int*);
}

namespace memscale::blas {

namespace {

std::atomic<double> seconds_in_blas = 0;

class Stopwatch {
 public:
  ~Stopwatch() {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start_;
    seconds_in_blas.fetch_add(passed.count(), std::memory_order_relaxed);
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

void fortran_gemm(const char* ta, const char* tb, int m, int n, int k, float alpha, const float* a, int lda,
                  const float* b, int ldb, float beta, float* c, int ldc) {
  sgemm_(ta, tb, &m, &n, &k, &alpha, a, &lda, b, &ldb, &beta, c, &ldc);
}

void fortran_gemm(const char* ta, const char* tb, int m, int n, int k, double alpha, const double* a, int lda,
                  const double* b, int ldb, double beta, double* c, int ldc) {
  dgemm_(ta, tb, &m, &n, &k, &alpha, a, &lda, b, &ldb, &beta, c, &ldc);
}

/// Row-major C = op(A) op(B) is column-major C^T = op(B)^T op(A)^T, and a row-major buffer read by columns is its
/// transpose.
template <class T, class ConstMatrix, class MutableMatrix>
void row_major_gemm(Op op_a, Op op_b, T alpha, const ConstMatrix& a, const ConstMatrix& b, T beta, MutableMatrix& c) {
  const auto m = op_a == Op::none ? a.rows() : a.cols();
  const auto k = op_a == Op::none ? a.cols() : a.rows();
  const auto k_b = op_b == Op::none ? b.rows() : b.cols();
  const auto n = op_b == Op::none ? b.cols() : b.rows();
  if (k != k_b || c.rows() != m || c.cols() != n) throw std::invalid_argument("gemm: shapes do not agree");
  if (m == 0 || n == 0) return;
  const auto leading = [](const auto& x) { return std::max(1, static_cast<int>(x.outerStride())); };
  const auto flag = [](Op op) { return op == Op::none ? "N" : "T"; };
  const Stopwatch stopwatch;
  fortran_gemm(flag(op_b), flag(op_a), static_cast<int>(n), static_cast<int>(m), static_cast<int>(k), alpha, b.data(),
               leading(b), a.data(), leading(a), beta, c.data(), leading(c));
}

}  // namespace

void gemm(Op op_a, Op op_b, double alpha, const ConstRef& a, const ConstRef& b, double beta, Ref c) {
  row_major_gemm(op_a, op_b, alpha, a, b, beta, c);
}

void gemm(Op op_a, Op op_b, float alpha, const ConstRefF& a, const ConstRefF& b, float beta, RefF c) {
  row_major_gemm(op_a, op_b, alpha, a, b, beta, c);
}

namespace {

/// Where the parts of a decomposition go, as LAPACK sees them, by columns; `u` and `vt` are not read where job = "N".
struct SvdParts {
  const char* job;
  double *values, *u, *vt;
};

/// Calls `routine(work, work_size, info)` with the work space that it asks for; its info.
template <class Routine>
int with_work_space(Routine routine) {
  int info = 0;
  double best_size = 0;
  routine(&best_size, -1, info);
  std::vector<double> work(static_cast<std::size_t>(best_size));
  routine(work.data(), static_cast<int>(work.size()), info);
  return info;
}

/// By divide and conquer (dgesdd), which is fast, but was seen not to converge for a matrix of two values that each are
/// singular 200 and 798 times; then by QR iteration (dgesvd). A row-major matrix is read as its transpose.
void decompose(const Matrix& matrix, const SvdParts& to) {
  const int rows = static_cast<int>(matrix.cols()), cols = static_cast<int>(matrix.rows()), k = std::min(rows, cols);
  const Stopwatch stopwatch;
  Matrix a = matrix;
  std::vector<int> integer_work(8 * static_cast<std::size_t>(k));
  int info = with_work_space([&](double* work, int size, int& result) {
    dgesdd_(to.job, &rows, &cols, a.data(), &rows, to.values, to.u, &rows, to.vt, &k, work, &size, integer_work.data(),
            &result);
  });
  if (info > 0) {
    a = matrix;
    info = with_work_space([&](double* work, int size, int& result) {
      dgesvd_(to.job, to.job, &rows, &cols, a.data(), &rows, to.values, to.u, &rows, to.vt, &k, work, &size, &result);
    });
  }
  if (info != 0)
    throw std::runtime_error("the singular value decomposition did not converge (info " + std::to_string(info) + ")");
}

}  // namespace

Svd svd(const Matrix& a) {
  // LAPACK reads the buffer as A^T = U' S V'^T, so A = V' S U'^T; its U' and V'^T, read by rows, are U'^T and V'.
  const auto k = std::min(a.rows(), a.cols());
  Svd result{Matrix(a.rows(), k), Vector(k), Matrix(k, a.cols())};
  if (k > 0) decompose(a, {"S", result.values.data(), result.right_t.data(), result.left.data()});
  return result;
}

Vector singular_values(const Matrix& a) {
  Vector values(std::min(a.rows(), a.cols()));
  if (values.size() > 0) decompose(a, {"N", values.data(), nullptr, nullptr});
  return values;
}

bool solve_positive_definite(Matrix a, Matrix& b) {
  if (a.rows() != a.cols() || a.rows() != b.rows()) throw std::invalid_argument("solve: shapes do not agree");
  const int n = static_cast<int>(a.rows()), columns = static_cast<int>(b.cols());
  Eigen::MatrixXd column_major = b;
  int info = 0;
  const Stopwatch stopwatch;
  dposv_("U", &n, &columns, a.data(), &n, column_major.data(), &n, &info);  // the row-major lower is LAPACK's upper
  if (info < 0) throw std::invalid_argument("dposv: argument " + std::to_string(-info));
  if (info == 0) b = column_major;
  return info == 0;
}

double seconds() {
  return seconds_in_blas.load(std::memory_order_relaxed);
}

}  // namespace memscale::blas
