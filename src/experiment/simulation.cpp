#include "memscale/experiment/simulation.hpp"

#include <cmath>
#include <optional>

#include "memscale/core/flush_to_zero.hpp"
#include "memscale/linalg/polar.hpp"
#include "memscale/model/gradient.hpp"
#include "memscale/model/recall.hpp"
#include "memscale/model/softmax_gradient.hpp"
#include "memscale/optim/make_optimizer.hpp"
#include "threshold.hpp"
#include "workspace.hpp"

namespace memscale {

namespace {

OptimizerOptions optimizer_options(const Trial& t) {
  return {.kind = t.optimizer,
          .orthogonalizer = t.orthogonalizer,
          .lambda = t.lambda,
          .ns_coefficients = t.ns_coefficients,
          .ns_steps = static_cast<int>(t.ns_steps),
          .ns_lower = t.ns_lower,
          .ridge = t.ridge,
          .momentum = t.momentum,
          .beta1 = t.beta1,
          .beta2 = t.beta2,
          .epsilon = t.epsilon};
}

/// One trial on its way: a step is gradient, update, W, capacity.
class Training {
 public:
  Training(const Trial& trial, Workspace& workspace, Cost& cost)
      : trial_(trial),
        workspace_(workspace),
        cache_(workspace.cache()),
        cost_(cost),
        optimizer_(make_optimizer(optimizer_options(trial))),
        run_{.memory = cache_.memory,
             .p = cache_.p,
             .batch = {},
             .weights_before = {},
             .gradient = {},
             .update = {},
             .weights = Matrix::Zero(trial.d, trial.d),
             .recovery = {std::vector<std::uint8_t>(static_cast<std::size_t>(trial.items), 0)},
             .result = {},
             .trace = {},
             .recall = {}} {}

  Simulation run() {
    while (step_ < trial_.steps && run_.result.status == TrialStatus::ok && !has_stalled()) take_step();
    conclude();
    return std::move(run_);
  }

 private:
  void take_step() {
    ++step_;
    if (!(make_gradient() && make_update())) {
      run_.result.status = TrialStatus::diverged;
      run_.result.diverged_step = step_;
      return;
    }
    {
      const PhaseTimer timer(cost_.seconds_capacity);
      run_.recovery = find_recovered(cache_.memory, cache_.competitors, run_.weights, 0, workspace_.team());
    }
    run_.result.steps_done = step_;
    Trace& trace = run_.trace;
    trace.capacity.push_back(static_cast<double>(run_.recovery.capacity()));
    trace.prefix.push_back(static_cast<double>(run_.recovery.prefix()));
    trace.accuracy.push_back(run_.recovery.accuracy(run_.p));
    trace.train_loss.push_back(train_loss_);
    trace.gradient_norm.push_back(run_.gradient.stableNorm());
  }

  /// False for a gradient that is not finite.
  bool make_gradient() {
    const PhaseTimer timer(cost_.seconds_gradient);
    svd_.reset();
    if (step_ == 1) {
      run_.batch = cache_.first.batch;
      run_.gradient = cache_.first.gradient;
      train_loss_ = std::log(static_cast<double>(trial_.items));  // pi = 1 / items
      return true;
    }
    if (std::isfinite(trial_.batch))
      run_.batch = draw_batch(run_.p, trial_.batch, static_cast<std::uint64_t>(trial_.seed), trial_.d, step_);
    else
      run_.batch = population_batch(run_.p);
    if (trial_.gradient == GradientKind::exact) {
      SoftmaxGradient softmax = softmax_gradient(cache_.memory, run_.weights, run_.batch, workspace_.team());
      run_.gradient = std::move(softmax.gradient);
      train_loss_ = softmax.loss;
    } else {
      run_.batch = drop_recovered(trial_, run_.batch, step_ - 1, run_.weights, run_.recovery, workspace_);
      run_.gradient = gradient_at_zero(cache_.memory, cache_.output_mean, run_.batch, workspace_.team());
      train_loss_ = Result::not_measured;
    }
    return run_.gradient.allFinite();
  }

  /// False where the update or the new W is not finite.
  bool make_update() {
    const PhaseTimer timer(cost_.seconds_update);
    run_.update = optimizer_->update(run_.gradient, context());
    run_.weights_before = run_.weights;
    run_.weights += learning_rate(trial_, step_) * run_.update;
    return run_.weights.allFinite();
  }

  StepContext context() {
    return {.memory = cache_.memory,
            .p = cache_.p,
            .team = workspace_.team(),
            .output_covariance = [this]() -> const Matrix& {
              if (!cache_.output_covariance)
                cache_.output_covariance = output_covariance(cache_.memory, workspace_.team());
              return *cache_.output_covariance;
            },
            .gradient_svd = [this]() -> const blas::Svd& { return gradient_svd(); }};
  }

  /// Of run_.gradient; the first step's is shared by the trials that begin with it.
  const blas::Svd& gradient_svd() {
    std::optional<blas::Svd>& svd = step_ == 1 ? cache_.first.svd : svd_;
    if (!svd) svd = blas::svd(run_.gradient);
    return *svd;
  }

  /// Whether capacity grew by less than stop_growth over the last stop_window steps.
  bool has_stalled() const {
    const auto& capacity = run_.trace.capacity;
    const auto window = static_cast<std::size_t>(trial_.stop_window);
    if (trial_.stop_growth == 0 || capacity.size() <= window) return false;
    const double before = capacity[capacity.size() - 1 - window];
    return capacity.back() - before < trial_.stop_growth * before;
  }

  void conclude() {
    Result& result = run_.result;
    if (result.status == TrialStatus::ok) measure_loss();
    if (result.status == TrialStatus::diverged) run_.recovery.recovered.assign(run_.recovery.recovered.size(), 0);
    result.capacity = run_.recovery.capacity();
    result.prefix = run_.recovery.prefix();
    result.accuracy = run_.recovery.accuracy(run_.p);
    run_.recall = recall_curve(run_.recovery);
    if (result.status == TrialStatus::diverged || trial_.spectra_measure != SpectraMeasure::final) return;
    const PhaseTimer timer(cost_.seconds_measures);
    measure_spectra();
  }

  /// A loss beyond float32's scores ends the trial as diverged.
  void measure_loss() {
    if (trial_.loss_measure != LossMeasure::exact) return;
    const PhaseTimer timer(cost_.seconds_measures);
    const double loss = softmax_loss(cache_.memory, run_.weights, population_batch(run_.p), workspace_.team());
    if (std::isfinite(loss)) {
      run_.result.loss = loss;
      return;
    }
    run_.result.status = TrialStatus::diverged;
    run_.result.diverged_step = step_;
  }

  void measure_spectra() {
    Result& result = run_.result;
    const Vector values = blas::singular_values(run_.update);
    result.update = spectrum_of(values);
    // After one step W = eta update.
    result.weights = spectrum_of(result.steps_done == 1 ? Vector(learning_rate(trial_, 1) * values)
                                                        : blas::singular_values(run_.weights));
    const Matrix& direction = optimizer_->direction(run_.gradient);
    const bool is_gradient = &direction == &run_.gradient;
    const Matrix factor = is_gradient ? polar_factor(gradient_svd()) : polar_factor(direction);
    const PolarDistance polar = polar_distance(run_.update, factor);
    result.polar_distance = polar.distance;
    result.polar_cosine = polar.cosine;
  }

  const Trial& trial_;
  Workspace& workspace_;
  Workspace::Cache& cache_;
  Cost& cost_;
  std::unique_ptr<Optimizer> optimizer_;
  Simulation run_;
  std::int64_t step_ = 0;         ///< at work or done
  std::optional<blas::Svd> svd_;  ///< of run_.gradient, once it was asked for
  double train_loss_ = 0;
};

}  // namespace

Simulation simulate(const Trial& trial, Workspace& workspace, Cost& cost) {
  const FlushToZero flush;
  {
    const PhaseTimer timer(cost.seconds_embeddings);
    provide_embeddings(trial, workspace);
  }
  {
    const PhaseTimer timer(cost.seconds_gradient);
    provide_first_step(trial, workspace);
  }
  return Training(trial, workspace, cost).run();
}

}  // namespace memscale
