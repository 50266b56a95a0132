#pragma once

#include <functional>

#include "memscale/core/bytes.hpp"
#include "memscale/core/thread_team.hpp"
#include "memscale/linalg/blas.hpp"
#include "memscale/model/gaussian_memory.hpp"

namespace memscale {

/// What an optimizer may look at besides the gradient.
struct StepContext {
  const GaussianMemory& memory;
  const Vector& p;  ///< item frequencies of the population, (items)
  ThreadTeam& team;
  std::function<const Matrix&()> output_covariance;  ///< C_u (d, d), made at the first call and shared by trials
  std::function<const blas::Svd&()> gradient_svd;    ///< of this step's gradient, made at the first call and shared
};

/// Turns negative gradients into updates, W <- W + eta update, step by step: one object a trial.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  /// The update (d, d) for the negative gradient G (d, d), which must be finite. Throws std::runtime_error where the
  /// update does not exist (a singular Hessian), with a message for the trial's record.
  virtual Matrix update(const Matrix& gradient, const StepContext& context) = 0;
  /// What the last update is a function of: G itself, or the momentum that it was added to.
  virtual const Matrix& direction(const Matrix& gradient) const { return gradient; }
  /// What it remembers of its updates, of which there was one at least.
  virtual void save(ByteWriter&) const {}
  /// Goes on like the one of the same options that saved, whose matrices were (d, d). Throws std::out_of_range where
  /// bytes are missing.
  virtual void load(ByteReader&, Eigen::Index /*d*/) {}
};

}  // namespace memscale
