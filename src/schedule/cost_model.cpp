#include "memscale/schedule/cost_model.hpp"

#include <algorithm>
#include <cmath>

namespace memscale {

namespace {

constexpr double flops_per_normal = 150;      // as long as so many of a product: drawn, then copied in 8 bits, measured
constexpr double competitors_per_item = 150;  // scanned before a query leaves: chunks start at 32-64 and grow
constexpr double svd_flops = 25;              // d^3: dgesdd's flops, weighted for running far below a product's rate
constexpr double singular_values_flops = 10;  // d^3: of update and W, without vectors
constexpr double solve_flops = 5;  // d^3: two Cholesky factors (1/3 each) and two solves with d columns (2 each)

double newton_schulz_step_flops(NewtonSchulzSet set) {
  // X X^T and A X are 2 d^3 each; a quintic also squares A
  const bool cubic = set == NewtonSchulzSet::cubic || set == NewtonSchulzSet::cans;
  return cubic ? 4 : 6;
}

double update_cost(const Trial& trial, double N, double d) {
  const double d3 = d * d * d;
  if (trial.optimizer == OptimizerKind::newton)
    return 2 * N * d * d + solve_flops * d3;  // covariances of u and of v: symmetric, N d^2 each
  if (trial.optimizer != OptimizerKind::muon) return 0;
  if (trial.orthogonalizer == Orthogonalizer::newton_schulz)
    return static_cast<double>(trial.ns_steps) * newton_schulz_step_flops(trial.ns_coefficients) * d3;
  return svd_flops * d3;
}

/// Distinct items of a batch: about B^(1/alpha), the rank that is drawn once.
double distinct_items(const Trial& trial) {
  const auto N = static_cast<double>(trial.items);
  if (std::isinf(trial.batch)) return N;
  return std::min({N, trial.batch, 2 * std::pow(trial.batch, 1 / trial.alpha)});
}

/// Of one step after the first.
double gradient_cost(const Trial& trial, double N, double d) {
  const double rows = distinct_items(trial);
  return trial.gradient == GradientKind::exact ? 4 * rows * N * d : 2 * rows * d * d;
}

/// Of an orthogonal memory: matrices of n rows, a softmax over all of each.
CostEstimate orthogonal_cost(const Trial& trial) {
  constexpr double softmax_flops = 100;  // n^2: an exponential and what is around it
  constexpr double noise_flops = 400;    // n^2: another one, one by one, for the gap of a noisy target
  constexpr double element_flops = 20;   // n^2: what an update does to each number
  constexpr double step_flops = 1e4;     // what a step takes of however few numbers
  constexpr double rho_passes = 4 * 3;   // over all rows, four values of eps
  const auto n = static_cast<double>(matrix_size(trial)), d = static_cast<double>(trial.d);
  const auto steps = static_cast<double>(trial.steps);
  const double square = n * n, cube = square * n;
  const bool haar = trial.task_basis == TaskBasisKind::haar;
  CostEstimate cost;
  cost.embeddings = 10 * d + (haar ? 2 * (svd_flops + 2) * cube : 0);
  cost.gradients = (steps + 1) * (softmax_flops + (trial.label_noise > 0 ? noise_flops : 0)) * square;
  const double turned = haar ? 8 * cube : trial.task_basis == TaskBasisKind::coupled ? 4 * element_flops * square : 0;
  cost.update = steps * (update_cost(trial, n, n) + element_flops * square + turned + step_flops);
  if (trial.steps == 1) cost.measures += rho_passes * softmax_flops * square;
  if (trial.spectra_measure == SpectraMeasure::final)
    cost.measures += (svd_flops + (trial.steps > 1 ? 3 : 2) * singular_values_flops) * cube + 100 * d;
  return cost;
}

}  // namespace

std::int64_t matrix_size(const Trial& trial) {
  return trial.representation == Representation::reduced ? trial.groups : trial.d;
}

double divisible_share(const Trial& trial) {
  if (trial.model == ModelKind::orthogonal) return 0;
  const CostEstimate cost = estimate_cost(trial);
  const double exact_loss = trial.loss_measure == LossMeasure::exact ? cost.measures : 0;
  const double softmax = trial.gradient == GradientKind::exact ? cost.gradients : 0;
  return (softmax + cost.capacity + exact_loss) / cost.total();
}

CostEstimate estimate_cost(const Trial& trial) {
  if (trial.model == ModelKind::orthogonal) return orthogonal_cost(trial);
  const auto N = static_cast<double>(trial.items);
  const auto d = static_cast<double>(trial.d);
  const auto steps = static_cast<double>(trial.steps);
  CostEstimate cost;
  cost.embeddings = flops_per_normal * 2 * N * d;  // u and v
  cost.first_gradient = 2 * distinct_items(trial) * d * d;
  cost.gradients = (steps - 1) * gradient_cost(trial, N, d);
  cost.update = steps * update_cost(trial, N, d);
  cost.capacity = steps * (2 * N * d * d + 2 * N * d * competitors_per_item);
  if (trial.loss_measure == LossMeasure::exact) cost.measures += 2 * N * N * d;
  if (trial.spectra_measure == SpectraMeasure::final) cost.measures += singular_values_flops * d * d * d;
  return cost;
}

}  // namespace memscale
