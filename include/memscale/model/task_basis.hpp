#pragma once

#include <cstdint>

#include "memscale/linalg/matrix.hpp"
#include "memscale/model/task_basis_kind.hpp"

namespace memscale {

/// The orthonormal inputs E_j and outputs E~_j of an orthogonal memory, columns of E and E~ (d, d). Turns what has the
/// layout of its scores, S = W^T in the task basis, to raw coordinates and back: W^T = E S E~^T.
class TaskBasis {
 public:
  /// `coupled` (arXiv 2509.26030) needs a d that 3 divides: E = I (x) R(1.715, 0.876, 3.098), E~ = I (x)
  /// R(3.638, 2.949, 5.218), R the rotation by Euler's angles z-y-z. `haar`: two independent matrices, uniform over the
  /// orthogonal group, of the seed: polar factors of gaussian ones.
  TaskBasis(TaskBasisKind kind, std::int64_t d, std::uint64_t seed);

  bool is_identity() const { return kind_ == TaskBasisKind::none || kind_ == TaskBasisKind::identity; }
  Matrix to_raw(const Matrix& task) const;
  Matrix to_task(const Matrix& raw) const;

 private:
  TaskBasisKind kind_;
  Matrix e_, e_tilde_;  ///< (3, 3) for coupled, (d, d) for haar
};

}  // namespace memscale
