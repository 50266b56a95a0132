#include "memscale/schedule/cost_model.hpp"

namespace memscale {

namespace {

constexpr double flops_per_normal = 50;       // a Philox block and a logarithm, sine and cosine for each pair
constexpr double competitors_per_item = 150;  // scanned before a query leaves: chunks start at 32-64 and grow
constexpr double svd_flops = 25;              // d^3: dgesdd's flops, weighted for running far below a product's rate
constexpr double solve_flops = 5;  // d^3: two Cholesky factors (1/3 each) and two solves with d columns (2 each)

double newton_schulz_step_flops(NewtonSchulzSet set) {
  // X X^T and A X are 2 d^3 each; a quintic also squares A
  const bool cubic = set == NewtonSchulzSet::cubic || set == NewtonSchulzSet::cans;
  return cubic ? 4 : 6;
}

double update_cost(const Trial& trial, double N, double d) {
  const double d3 = d * d * d;
  switch (trial.optimizer) {
    case OptimizerKind::gd:
      return 0;
    case OptimizerKind::newton:
      return 2 * N * d * d + solve_flops * d3;  // covariances of u and of v: symmetric, N d^2 each
    case OptimizerKind::muon:
      break;
  }
  if (trial.orthogonalizer == Orthogonalizer::newton_schulz)
    return static_cast<double>(trial.ns_steps) * newton_schulz_step_flops(trial.ns_coefficients) * d3;
  return svd_flops * d3;
}

}  // namespace

CostEstimate estimate_cost(const Trial& trial) {
  const auto N = static_cast<double>(trial.items);
  const auto d = static_cast<double>(trial.d);
  CostEstimate cost;
  cost.embeddings = flops_per_normal * 2 * N * d;  // u and v
  cost.gradient = 2 * N * d * d;
  cost.update = update_cost(trial, N, d);
  cost.capacity = 2 * N * d * d + 2 * N * d * competitors_per_item;
  return cost;
}

}  // namespace memscale
