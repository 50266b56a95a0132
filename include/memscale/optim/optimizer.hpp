#pragma once

#include <functional>

#include "memscale/core/bytes.hpp"
#include "memscale/linalg/blas.hpp"
#include "memscale/linalg/matrix_space.hpp"

namespace memscale {

/// What an optimizer may look at besides the gradient.
struct StepContext {
  const MatrixSpace& space;  ///< whose coordinates gradients and updates are
  /// Of this step's gradient, made at the first call and shared by trials; empty where none is kept.
  std::function<const blas::Svd&()> gradient_svd = {};
  /// Second moments that make up the Hessian at W = 0, (d, d): C_u of the outputs, shared by trials, and sum_i p_i v_i
  /// v_i^T of the inputs. Empty for a model that has none.
  std::function<const Matrix&()> output_covariance = {};
  std::function<Matrix()> input_covariance = {};
};

/// Turns negative gradients into updates, W <- W + eta update, step by step: one object a trial. All matrices are
/// coordinates of the context's space.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  /// The update for the negative gradient G, which must be finite. Throws std::runtime_error where the
  /// update does not exist (a singular Hessian), with a message for the trial's record.
  virtual Matrix update(const Matrix& gradient, const StepContext& context) = 0;
  /// What the last update is a function of: G itself, or the momentum that it was added to.
  virtual const Matrix& direction(const Matrix& gradient) const { return gradient; }
  /// What it remembers of its updates, of which there was one at least.
  virtual void save(ByteWriter&) const {}
  /// Goes on like the one of the same options that saved, whose matrices had this size. Throws std::out_of_range where
  /// bytes are missing.
  virtual void load(ByteReader&, Eigen::Index /*rows*/, Eigen::Index /*columns*/) {}
};

}  // namespace memscale
