#include "memscale/experiment/simulation.hpp"

#include <chrono>
#include <optional>

#include "memscale/core/flush_to_zero.hpp"
#include "memscale/model/frequencies.hpp"
#include "memscale/model/gradient.hpp"
#include "memscale/optim/make_optimizer.hpp"

namespace memscale {

struct Workspace::Cache {
  std::optional<std::uint64_t> bundle;  ///< whose embeddings `memory` holds
  GaussianMemory memory;
  std::optional<Matrix> output_covariance;  ///< of `memory`
  std::optional<double> alpha;              ///< whose frequencies and gradient follow
  Vector p;
  Matrix gradient;
};

Workspace::Workspace() : cache_(std::make_unique<Cache>()) {}
Workspace::~Workspace() = default;
Workspace::Workspace(Workspace&&) noexcept = default;
Workspace& Workspace::operator=(Workspace&&) noexcept = default;

namespace {

/// Adds the time it lives to `seconds`.
class PhaseTimer {
 public:
  explicit PhaseTimer(double& seconds) : seconds_(seconds) {}
  ~PhaseTimer() { seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  double& seconds_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

void provide_embeddings(const Trial& t, Workspace::Cache& cache) {
  if (cache.bundle == bundle_key(t)) return;
  cache = Workspace::Cache{};  // frees the old embeddings before the new ones are made
  cache.memory = make_gaussian_memory(t.d, t.items, t.kappa, static_cast<std::uint64_t>(t.seed));
  cache.bundle = bundle_key(t);
}

void provide_gradient(const Trial& t, Workspace::Cache& cache) {
  if (cache.alpha == t.alpha) return;
  cache.alpha.reset();
  cache.p = zipf_frequencies(t.items, t.alpha);
  cache.gradient = gradient_at_zero(cache.memory, cache.p);
  cache.alpha = t.alpha;
}

OptimizerOptions optimizer_options(const Trial& t) {
  return {.kind = t.optimizer,
          .orthogonalizer = t.orthogonalizer,
          .lambda = t.lambda,
          .ns_coefficients = t.ns_coefficients,
          .ns_steps = static_cast<int>(t.ns_steps),
          .ns_lower = t.ns_lower,
          .ridge = t.ridge};
}

}  // namespace

Simulation simulate(const Trial& trial, Workspace& workspace, Cost& cost) {
  const FlushToZero flush_to_zero;
  Workspace::Cache& cache = workspace.cache();
  {
    const PhaseTimer timer(cost.seconds_embeddings);
    provide_embeddings(trial, cache);
  }
  {
    const PhaseTimer timer(cost.seconds_gradient);
    provide_gradient(trial, cache);
  }
  Simulation run{.memory = cache.memory,
                 .p = cache.p,
                 .q = cache.p,
                 .gradient = cache.gradient,
                 .update = {},
                 .weights = {},
                 .recovery = {},
                 .result = {}};
  {
    const PhaseTimer timer(cost.seconds_update);
    const StepContext context{cache.memory, cache.p, [&cache]() -> const Matrix& {
                                if (!cache.output_covariance) cache.output_covariance = output_covariance(cache.memory);
                                return *cache.output_covariance;
                              }};
    run.update = make_optimizer(optimizer_options(trial))->update(run.gradient, context);
    run.weights = learning_rate(trial) * run.update;  // W_0 = 0
  }
  run.result.steps_done = 1;
  if (!run.weights.allFinite()) {
    run.result.status = TrialStatus::diverged;
    run.recovery.recovered.assign(static_cast<std::size_t>(trial.items), 0);
    return run;
  }
  const PhaseTimer timer(cost.seconds_capacity);
  run.recovery = find_recovered(cache.memory, run.weights);
  run.result.capacity = run.recovery.capacity();
  run.result.prefix = run.recovery.prefix();
  run.result.accuracy = run.recovery.accuracy(run.p);
  return run;
}

}  // namespace memscale
