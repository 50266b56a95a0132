#include "memscale/experiment/simulation.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <utility>

#include "checkpoint.hpp"
#include "cost_clock.hpp"
#include "memscale/core/flush_to_zero.hpp"
#include "memscale/core/rank_group.hpp"
#include "memscale/linalg/polar.hpp"
#include "memscale/model/gradient.hpp"
#include "memscale/model/recall.hpp"
#include "memscale/model/softmax_gradient.hpp"
#include "memscale/model/weighted_product.hpp"
#include "orthogonal_training.hpp"
#include "pauses.hpp"
#include "threshold.hpp"
#include "workspace.hpp"

namespace memscale {

namespace {

/// A team's loops end by then while the object lives.
class TeamDeadline {
 public:
  TeamDeadline(ThreadTeam& team, double seconds_from_now) : team_(team) {
    constexpr double most = 1e9;  // 30 years; the clock counts nanoseconds in 64 bits
    seconds_from_now = std::max(0.0, seconds_from_now);
    if (seconds_from_now < most)
      team_.set_deadline(ThreadTeam::Clock::now() + std::chrono::duration_cast<ThreadTeam::Clock::duration>(
                                                        std::chrono::duration<double>(seconds_from_now)));
  }
  ~TeamDeadline() { team_.set_deadline(ThreadTeam::no_deadline); }
  TeamDeadline(const TeamDeadline&) = delete;
  TeamDeadline& operator=(const TeamDeadline&) = delete;

 private:
  ThreadTeam& team_;
};

/// One trial on its way: a step is gradient, update, W, capacity. Of a group's ranks the leader alone makes updates,
/// decides and measures; W goes from it to the members, whose part is that in the loops over items. They hold its step,
/// W, batch and what those loops result in, and nothing else of their own that is of use.
class Training {
 public:
  Training(const Trial& trial, Workspace& workspace, Cost& cost)
      : trial_(trial),
        workspace_(workspace),
        cache_(workspace.cache()),
        group_(workspace.group()),
        cost_(cost),
        optimizer_(optimizer_of(trial)),
        space_(trial.d),
        run_{.memory = &cache_.memory,
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

  /// Goes on where `checkpoint` was made.
  void resume(Checkpoint checkpoint) {
    step_ = static_cast<std::int64_t>(checkpoint.trace.capacity.size());
    optimizer_ = std::move(checkpoint.optimizer);
    run_.result.steps_done = step_;
    run_.trace = std::move(checkpoint.trace);
    run_.recovery = std::move(checkpoint.recovery);
    run_.weights = std::move(checkpoint.weights);
    run_.weights_before = std::move(checkpoint.weights_before);
    run_.gradient = std::move(checkpoint.gradient);
    run_.update = std::move(checkpoint.update);
  }

  /// Nothing where it had to stop.
  std::optional<Simulation> run(Pauses& pauses) {
    share_state();
    while (leaders(group_, run_.result.status == TrialStatus::ok && !is_trained(trial_, run_.trace))) {
      if (!go_on(pauses)) return std::nullopt;
      take_step();
    }
    if (will_measure() && !go_on(pauses)) return std::nullopt;
    conclude();
    return std::move(run_);
  }

 private:
  /// Asked of the leader, who may have to save a checkpoint.
  bool go_on(Pauses& pauses) {
    workspace_.team().check_deadline();
    return leaders(group_, !leads(group_) || pauses.go_on(run_, *optimizer_));
  }

  /// What the members need of the state that the leader begins with.
  void share_state() {
    step_ = leaders(group_, step_);
    if (step_ > 0) share_weights();
  }

  void share_weights() {
    broadcast(group_, std::span(run_.weights.data(), static_cast<std::size_t>(run_.weights.size())));
  }

  /// Whether conclude() takes time.
  bool will_measure() const {
    return run_.result.status == TrialStatus::ok &&
           (trial_.loss_measure == LossMeasure::exact || trial_.spectra_measure == SpectraMeasure::final);
  }

  void take_step() {
    ++step_;
    if (!leaders(group_, make_gradient() && make_update())) {
      run_.result.status = TrialStatus::diverged;
      run_.result.diverged_step = step_;
      return;
    }
    share_weights();
    {
      const PhaseTimer timer(cost_.seconds_capacity);
      run_.recovery = find_recovered(cache_.memory, cache_.competitors, run_.weights, 0, workspace_.team());
    }
    if (!leads(group_)) return;
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
      if (!leads(group_)) return true;
      run_.batch = cache_.first.batch;
      run_.gradient = cache_.first.gradient;
      train_loss_ = std::log(static_cast<double>(trial_.items));  // pi = 1 / items
      return true;
    }
    if (std::isfinite(trial_.batch))
      run_.batch = shared_batch();
    else
      run_.batch = population_batch(run_.p);
    if (trial_.gradient == GradientKind::exact) {
      SoftmaxGradient softmax = softmax_gradient(cache_.memory, run_.weights, run_.batch, workspace_.team());
      run_.gradient = std::move(softmax.gradient);
      train_loss_ = softmax.loss;
    } else {
      run_.batch = drop_recovered(trial_, run_.batch, step_ - 1, run_.weights, run_.recovery, workspace_);
      if (!leads(group_)) return true;
      run_.gradient = gradient_at_zero(cache_.memory, cache_.output_mean, run_.batch, workspace_.team());
      train_loss_ = Result::not_measured;
    }
    return run_.gradient.allFinite();
  }

  /// The step's draws, the leader's: other CPUs' p may differ in its last bits.
  Batch shared_batch() {
    Batch batch;
    if (leads(group_))
      batch = draw_batch(run_.p, trial_.batch, static_cast<std::uint64_t>(trial_.seed), trial_.d, step_);
    broadcast(group_, batch.items);
    batch.q.conservativeResize(static_cast<Eigen::Index>(batch.items.size()));
    broadcast(group_, std::span(batch.q.data(), batch.items.size()));
    return batch;
  }

  /// False where the update or the new W is not finite.
  bool make_update() {
    if (!leads(group_)) return true;
    const PhaseTimer timer(cost_.seconds_update);
    run_.update = optimizer_->update(run_.gradient, context());
    run_.weights_before = run_.weights;
    run_.weights += learning_rate(trial_, step_) * run_.update;
    return run_.weights.allFinite();
  }

  StepContext context() {
    return {.space = space_,
            .gradient_svd = [this]() -> const blas::Svd& { return gradient_svd(); },
            .output_covariance = [this]() -> const Matrix& {
              if (!cache_.output_covariance)
                cache_.output_covariance = output_covariance(cache_.memory, workspace_.team());
              return *cache_.output_covariance;
            },
            .input_covariance =
                [this] {
                  const MatrixF& v = cache_.memory.v;
                  return weighted_product(v, Vector::Zero(trial_.d), population_batch(cache_.p), v, workspace_.team());
                }};
  }

  /// Of run_.gradient; the first step's is shared by the trials that begin with it.
  const blas::Svd& gradient_svd() {
    std::optional<blas::Svd>& svd = step_ == 1 ? cache_.first.svd : svd_;
    if (!svd) svd = blas::svd(run_.gradient);
    return *svd;
  }

  void conclude() {
    Result& result = run_.result;
    if (result.status == TrialStatus::ok) measure_loss();
    if (!leads(group_)) return;
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
    const PolarDistance polar = polar_distance(space_, run_.update, factor);
    result.polar_distance = polar.distance;
    result.polar_cosine = polar.cosine;
  }

  const Trial& trial_;
  Workspace& workspace_;
  Workspace::Cache& cache_;
  RankGroup* group_;  ///< null: alone
  Cost& cost_;
  std::unique_ptr<Optimizer> optimizer_;
  const DenseSpace space_;
  Simulation run_;
  std::int64_t step_ = 0;         ///< at work or done
  std::optional<blas::Svd> svd_;  ///< of run_.gradient, once it was asked for
  double train_loss_ = 0;
};

}  // namespace

Simulation simulate(const Trial& trial, Workspace& workspace, Cost& cost) {
  return std::move(*simulate(trial, workspace, cost, {}));
}

std::optional<Simulation> simulate(const Trial& trial, Workspace& workspace, Cost& cost, const TrialControl& control) {
  const FlushToZero flush;
  CostClock clock(cost);
  Pauses pauses(trial, control, clock);
  std::optional<Checkpoint> checkpoint;
  if (leads(workspace.group())) checkpoint = pauses.load();
  const TeamDeadline deadline(workspace.team(), control.timeout - cost.seconds);
  if (trial.model == ModelKind::orthogonal) {
    // The leader's alone: the other ranks learn how it ended.
    std::optional<Simulation> run = leads(workspace.group())
                                        ? train_orthogonal(trial, workspace, cost, pauses, std::move(checkpoint))
                                        : std::nullopt;
    const bool ended = leaders(workspace.group(), run.has_value());
    if (ended && !run) run.emplace(Simulation{nullptr, workspace.cache().p, {}, {}, {}, {}, {}, {}, {}, {}, {}});
    return run;
  }
  {
    const PhaseTimer timer(cost.seconds_embeddings);
    provide_embeddings(trial, workspace);
  }
  {
    const PhaseTimer timer(cost.seconds_gradient);
    provide_frequencies(trial, workspace);
    if (leads(workspace.group())) provide_first_step(trial, workspace);
  }
  Training training(trial, workspace, cost);
  if (checkpoint) training.resume(std::move(*checkpoint));
  return training.run(pauses);
}

}  // namespace memscale
