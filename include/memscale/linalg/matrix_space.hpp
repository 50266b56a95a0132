#pragma once

#include <span>

#include "memscale/linalg/matrix.hpp"
#include "memscale/linalg/newton_schulz_coefficients.hpp"

namespace memscale {

/// How a Matrix of coordinates stands for a square matrix X of a linear space that updates do not leave: sums,
/// elementwise functions f with f(0) = 0 and the functions below map the space to itself.
class MatrixSpace {
 public:
  virtual ~MatrixSpace() = default;
  /// Of the coordinates.
  virtual Eigen::Index rows() const = 0;
  virtual Eigen::Index columns() const = 0;
  /// Rows of X.
  virtual Eigen::Index size() const = 0;

  /// ||X||_F
  virtual double norm(const Matrix& x) const = 0;
  /// <X, Y> = sum of X_ij Y_ij
  virtual double inner(const Matrix& x, const Matrix& y) const = 0;
  /// msgn(X) and its approximations, as in polar.hpp and newton_schulz.hpp.
  virtual Matrix polar_factor(const Matrix& x) const = 0;
  virtual Matrix regularized_polar_factor(const Matrix& x, double lambda) const = 0;
  virtual Matrix newton_schulz(const Matrix& x, std::span<const NewtonSchulzStep> steps) const = 0;
  /// All of X, (size), descending.
  virtual Vector singular_values(const Matrix& x) const = 0;
};

/// X (d, d) itself.
class DenseSpace : public MatrixSpace {
 public:
  explicit DenseSpace(Eigen::Index d) : d_(d) {}
  Eigen::Index rows() const override { return d_; }
  Eigen::Index columns() const override { return d_; }
  Eigen::Index size() const override { return d_; }
  double norm(const Matrix& x) const override;
  double inner(const Matrix& x, const Matrix& y) const override;
  Matrix polar_factor(const Matrix& x) const override;
  Matrix regularized_polar_factor(const Matrix& x, double lambda) const override;
  Matrix newton_schulz(const Matrix& x, std::span<const NewtonSchulzStep> steps) const override;
  Vector singular_values(const Matrix& x) const override;

 private:
  Eigen::Index d_;
};

}  // namespace memscale
