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

}  // namespace

double divisible_share(const Trial& trial) {
  const CostEstimate cost = estimate_cost(trial);
  const double exact_loss = trial.loss_measure == LossMeasure::exact ? cost.measures : 0;
  const double softmax = trial.gradient == GradientKind::exact ? cost.gradients : 0;
  return (softmax + cost.capacity + exact_loss) / cost.total();
}

CostEstimate estimate_cost(const Trial& trial) {
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
