#pragma once

#include <optional>
#include <utility>

#include "memscale/experiment/run_trial.hpp"
#include "memscale/linalg/blas.hpp"
#include "memscale/model/batch.hpp"
#include "memscale/model/competitors.hpp"
#include "memscale/model/gaussian_memory.hpp"
#include "memscale/model/task_basis.hpp"

namespace memscale {

/// What every trial begins with: W = 0, so no optimizer matters yet.
struct FirstStep {
  Batch batch;
  Matrix gradient;
  std::optional<blas::Svd> svd;  ///< of `gradient`, once it was asked for
};

struct Workspace::Cache {
  std::optional<std::uint64_t> bundle;  ///< whose embeddings or task basis follow
  std::optional<TaskBasis> basis;       ///< of an orthogonal memory
  GaussianMemory memory;
  Competitors competitors;
  Vector output_mean;
  std::optional<Matrix> output_covariance;
  std::optional<double> alpha;  ///< whose frequencies follow
  Vector p;
  std::optional<double> batch;  ///< of which, at this alpha, the first step follows
  FirstStep first;
};

/// Adds the time it lives to `seconds`.
class PhaseTimer {
 public:
  explicit PhaseTimer(double& seconds);
  ~PhaseTimer();
  PhaseTimer(const PhaseTimer&) = delete;
  PhaseTimer& operator=(const PhaseTimer&) = delete;

 private:
  double& seconds_;
  double start_;
};

/// Fill the workspace with what `trial` needs, unless it is there: each wants what the one before provides.
void provide_embeddings(const Trial& trial, Workspace& workspace);
void provide_frequencies(const Trial& trial, Workspace& workspace);
void provide_first_step(const Trial& trial, Workspace& workspace);
/// All that an orthogonal trial needs: its basis and frequencies.
void provide_task_basis(const Trial& trial, Workspace& workspace);

}  // namespace memscale
