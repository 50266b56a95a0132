#pragma once

#include <cstdint>
#include <vector>

#include "memscale/linalg/matrix_space.hpp"

namespace memscale {

/// Block symmetric matrices X of M groups of rows and columns, sizes c_g: X_ij depends on the groups of i and j alone,
/// but for the diagonal, which depends on the group. Coordinates (M, M + 1): X_ij, i in g and j in h, i != j, at (g,
/// h); X_ii, i in g, at (g, M). A group of one item has no pair (g, g): its coordinate stays 0.
///
/// Orthogonal maps that all these X share split R^d into the groups' indicators, where X acts as
///   Q_gh = sqrt(c_g c_h) X_gh for g != h, Q_gg = X_diag + (c_g - 1) X_gg      (M, M),
/// and c_g - 1 directions inside each group, where it is the number w_g = X_diag - X_gg. So a function of singular
/// values takes M^3 operations instead of d^3.
class BlockSpace : public MatrixSpace {
 public:
  /// Sizes positive. Throws std::invalid_argument otherwise.
  explicit BlockSpace(std::vector<std::int64_t> sizes);
  Eigen::Index rows() const override { return groups(); }
  Eigen::Index columns() const override { return groups() + 1; }
  Eigen::Index size() const override { return size_; }
  double norm(const Matrix& x) const override;
  double inner(const Matrix& x, const Matrix& y) const override;
  Matrix polar_factor(const Matrix& x) const override;
  Matrix regularized_polar_factor(const Matrix& x, double lambda) const override;
  Matrix newton_schulz(const Matrix& x, std::span<const NewtonSchulzStep> steps) const override;
  Vector singular_values(const Matrix& x) const override;

  Eigen::Index groups() const { return static_cast<Eigen::Index>(sizes_.size()); }
  const std::vector<std::int64_t>& sizes() const { return sizes_; }
  /// X itself, (size, size): for what knows no blocks.
  Matrix expand(const Matrix& x) const;

 private:
  /// Q and w; of a group of one item w = 0.
  struct Parts {
    Matrix quotient;
    Vector within;
  };
  Parts split(const Matrix& x) const;
  Matrix join(const Parts& parts) const;
  double norm(const Parts& parts) const;

  std::vector<std::int64_t> sizes_;
  Vector roots_;  ///< sqrt(c_g)
  Vector inner_;  ///< c_g - 1
  Eigen::Index size_ = 0;
};

}  // namespace memscale
