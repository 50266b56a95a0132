#include "orthogonal_training.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "memscale/experiment/trace_length.hpp"
#include "memscale/experiment/trial_groups.hpp"
#include "memscale/linalg/block_space.hpp"
#include "memscale/model/orthogonal_memory.hpp"
#include "memscale/model/recall.hpp"
#include "memscale/model/rho.hpp"
#include "workspace.hpp"

namespace memscale {

namespace {

OrthogonalMemory memory_of(const Trial& t) {
  OrthogonalMemory memory{groups_of(t), t.label_noise, nullptr};
  if (t.representation == Representation::reduced)
    memory.rows = std::make_unique<BlockScores>(memory.groups);
  else
    memory.rows = std::make_unique<DenseScores>(memory.groups);
  return memory;
}

std::unique_ptr<MatrixSpace> space_of(const Trial& t, const ItemGroups& groups) {
  if (t.representation == Representation::reduced) return std::make_unique<BlockSpace>(groups.sizes);
  return std::make_unique<DenseSpace>(t.d);
}

/// As allFinite() says, but by vector instructions: infinity times 0 is NaN.
bool is_finite(const Matrix& matrix) {
  return (0 * matrix).sum() == 0;
}

/// After a step whose max_k f_k first was 1 - eps; NaN if none was.
double rho_of(const Trace& trace, double eps) {
  for (std::size_t step = 0; step < trace.max_probability.size(); ++step)
    if (trace.max_probability[step] >= 1 - eps) return trace.min_probability[step];
  return Result::not_measured;
}

/// One trial on its way: a step is update, W, and what the softmax then says, which holds the next gradient.
class OrthogonalTraining {
 public:
  OrthogonalTraining(const Trial& trial, Workspace& workspace, Cost& cost)
      : trial_(trial),
        workspace_(workspace),
        cost_(cost),
        memory_(memory_of(trial)),
        floor_(memory_.loss_floor()),
        space_(space_of(trial, memory_.groups)),
        basis_(*workspace.cache().basis),
        bins_(group_bins(trial)),
        kept_steps_(group_loss_steps(trial.steps)),
        optimizer_(optimizer_of(trial)),
        run_{nullptr, workspace.cache().p, {}, {}, {}, {}, {}, {}, {}, {}, {}} {
    run_.weights = Matrix::Zero(space_->rows(), space_->columns());
  }

  void resume(Checkpoint checkpoint) {
    run_.result.steps_done = static_cast<std::int64_t>(checkpoint.trace.capacity.size());
    is_last_kept_ = is_last_step_kept();
    optimizer_ = std::move(checkpoint.optimizer);
    run_.trace = std::move(checkpoint.trace);
    run_.weights = std::move(checkpoint.weights);
    run_.weights_before = std::move(checkpoint.weights_before);
    run_.gradient = std::move(checkpoint.gradient);
    run_.update = std::move(checkpoint.update);
  }

  std::optional<Simulation> run(Pauses& pauses) {
    look();
    while (run_.result.status == TrialStatus::ok && !is_trained(trial_, run_.trace)) {
      if (!go_on(pauses)) return std::nullopt;
      take_step();
    }
    if (!go_on(pauses)) return std::nullopt;
    conclude();
    return std::move(run_);
  }

 private:
  bool go_on(Pauses& pauses) {
    workspace_.team().check_deadline();
    return run_.result.status != TrialStatus::ok || pauses.go_on(run_, *optimizer_);
  }

  /// At the present W.
  void look() {
    const PhaseTimer timer(cost_.seconds_gradient);
    view_ = view_scores(memory_, run_.weights, workspace_.team());
    summary_ = summarize(memory_, view_);
  }

  void take_step() {
    const std::int64_t step = run_.result.steps_done + 1;
    run_.gradient.swap(view_.gradient);
    const double norm = space_->norm(run_.gradient), train_loss = summary_.gap + floor_;
    bool finite = std::isfinite(norm) && make_update(step);
    if (finite) look();
    finite = finite && std::isfinite(summary_.gap);
    if (!finite) {
      run_.result.status = TrialStatus::diverged;
      run_.result.diverged_step = step;
      return;
    }
    run_.result.steps_done = step;
    Trace& trace = run_.trace;
    trace.capacity.push_back(static_cast<double>(summary_.capacity));
    trace.prefix.push_back(static_cast<double>(summary_.prefix));
    trace.accuracy.push_back(summary_.accuracy);
    trace.train_loss.push_back(train_loss);
    trace.gradient_norm.push_back(norm);
    trace.gap.push_back(summary_.gap);
    trace.min_probability.push_back(summary_.min_probability);
    trace.max_probability.push_back(summary_.max_probability);
    record_group_losses();
  }

  /// False where the update or the new W is not finite.
  bool make_update(std::int64_t step) {
    const PhaseTimer timer(cost_.seconds_update);
    const StepContext context{.space = *space_};
    run_.update = basis_.is_identity() ? optimizer_->update(run_.gradient, context)
                                       : basis_.to_task(optimizer_->update(basis_.to_raw(run_.gradient), context));
    if (trial_.optimizer == OptimizerKind::muon) center_rows(memory_, run_.update);
    run_.weights_before.swap(run_.weights);
    run_.weights = run_.weights_before + learning_rate(trial_, step) * run_.update;
    return is_finite(run_.weights);
  }

  /// Whether group_loss_steps has the last step for longer runs, too.
  bool is_last_step_kept() const {
    return std::binary_search(kept_steps_.begin(), kept_steps_.end(), run_.result.steps_done);
  }

  void record_group_losses() {
    std::vector<double>& losses = run_.trace.group_loss;
    if (!is_last_kept_) losses.resize(losses.size() - bins_.size());
    is_last_kept_ = is_last_step_kept();
    const Vector gaps = group_gaps(memory_, view_);
    for (const RankBin& bin : bins_) {
      double sum = 0, items = 0;
      for (std::int64_t g = bin.low - 1; g < bin.high; ++g) {
        const auto count = static_cast<double>(memory_.groups.sizes[static_cast<std::size_t>(g)]);
        sum += count * gaps(g);
        items += count;
      }
      losses.push_back(sum / items + floor_);
    }
  }

  void conclude() {
    Result& result = run_.result;
    const auto items = static_cast<std::size_t>(trial_.items);
    if (result.status == TrialStatus::diverged) {
      run_.recovery.recovered.assign(items, 0);
      run_.recall = recall_curve(run_.recovery);
      return;
    }
    const PhaseTimer timer(cost_.seconds_measures);
    run_.recovery.recovered = recovered_items(memory_, view_);
    run_.recall = recall_curve(run_.recovery);
    result.capacity = summary_.capacity;
    result.prefix = summary_.prefix;
    result.accuracy = summary_.accuracy;
    result.loss = summary_.gap + floor_;
    result.loss_floor = floor_;
    result.gap = summary_.gap;
    result.min_probability = summary_.min_probability;
    result.max_probability = summary_.max_probability;
    result.imbalance = summary_.max_probability - summary_.min_probability;
    const auto measure_rho = [&](double eps) {
      return trial_.steps == 1 ? rho(memory_, run_.update, eps, workspace_.team()) : rho_of(run_.trace, eps);
    };
    result.rho_0_5 = measure_rho(0.5);
    result.rho_0_1 = measure_rho(0.1);
    result.rho_0_01 = measure_rho(0.01);
    result.rho_0_001 = measure_rho(0.001);
    if (trial_.spectra_measure == SpectraMeasure::final) measure_spectra();
  }

  void measure_spectra() {
    Result& result = run_.result;
    const Vector values = space_->singular_values(run_.update);
    result.update = spectrum_of(values);
    // After one step W = eta update.
    result.weights = spectrum_of(trial_.steps == 1 ? Vector(learning_rate(trial_, 1) * values)
                                                   : space_->singular_values(run_.weights));
    if (trial_.items > 1) {
      Matrix centered = run_.update;
      center_rows(memory_, centered);
      const Vector of_centered = space_->singular_values(centered);
      result.centered_largest = of_centered(0);
      result.centered_smallest = of_centered(trial_.items - 2);
    }
    // Turning the basis turns update and polar factor alike.
    const Matrix direction = basis_.to_task(optimizer_->direction(basis_.to_raw(run_.gradient)));
    Matrix factor = space_->polar_factor(direction);
    center_rows(memory_, factor);
    const PolarDistance polar = polar_distance(*space_, run_.update, factor);
    result.polar_distance = polar.distance;
    result.polar_cosine = polar.cosine;
  }

  const Trial& trial_;
  Workspace& workspace_;
  Cost& cost_;
  const OrthogonalMemory memory_;
  const double floor_;
  const std::unique_ptr<MatrixSpace> space_;
  const TaskBasis& basis_;
  const std::vector<RankBin> bins_;
  const std::vector<std::int64_t> kept_steps_;  ///< whose group losses stay in the trace
  bool is_last_kept_ = true;
  std::unique_ptr<Optimizer> optimizer_;
  Simulation run_;
  ScoreView view_;  ///< of the present W
  ScoreSummary summary_;
};

}  // namespace

std::optional<Simulation> train_orthogonal(const Trial& trial, Workspace& workspace, Cost& cost, Pauses& pauses,
                                           std::optional<Checkpoint> checkpoint) {
  {
    const PhaseTimer timer(cost.seconds_embeddings);
    provide_task_basis(trial, workspace);
  }
  OrthogonalTraining training(trial, workspace, cost);
  if (checkpoint) training.resume(std::move(*checkpoint));
  return training.run(pauses);
}

}  // namespace memscale
