#include "threshold.hpp"

#include <algorithm>
#include <cmath>

#include "memscale/model/capacity_exponent.hpp"
#include "memscale/model/softmax_gradient.hpp"
#include "workspace.hpp"

namespace memscale {

namespace {

/// The items of `batch` for which keep(item, its place in the batch) holds.
template <class Keep>
Batch filtered(const Batch& batch, Keep keep) {
  Batch kept;
  std::vector<double> q;
  for (std::size_t k = 0; k < batch.items.size(); ++k) {
    if (!keep(batch.items[k], k)) continue;
    kept.items.push_back(batch.items[k]);
    q.push_back(batch.q(static_cast<Eigen::Index>(k)));
  }
  kept.q = Eigen::Map<const Vector>(q.data(), static_cast<Eigen::Index>(q.size()));
  return kept;
}

Batch without(const Batch& batch, const Recovery& recovery) {
  return filtered(
      batch, [&](std::int64_t item, std::size_t) { return recovery.recovered[static_cast<std::size_t>(item)] == 0; });
}

/// pi_ii >= c > 1/2 needs s_ii - s_ij >= log(c / (1 - c)) for every j: only those items are looked at.
Batch without_probable(const Batch& batch, double bound, const Matrix& weights, Workspace& workspace) {
  const Workspace::Cache& cache = workspace.cache();
  const double margin = std::log(bound / (1 - bound));
  const double safe_margin = std::max(0.0, margin * (1 - 1e-6) - 1e-6);  // float32 probabilities decide, not the margin
  const Recovery candidates = find_recovered(cache.memory, cache.competitors, weights, safe_margin, workspace.team());
  std::vector<std::int64_t> items;
  for (std::int64_t item : batch.items)
    if (candidates.recovered[static_cast<std::size_t>(item)]) items.push_back(item);
  const Vector probabilities = correct_probabilities(cache.memory, weights, items, workspace.team());
  Recovery probable{std::vector<std::uint8_t>(candidates.recovered.size(), 0)};
  for (std::size_t k = 0; k < items.size(); ++k)
    probable.recovered[static_cast<std::size_t>(items[k])] = probabilities(static_cast<Eigen::Index>(k)) >= bound;
  return without(batch, probable);
}

/// Ranks up to value * min{d^e_t, B^(1/alpha)}, e_t the exponent that theory predicts after t steps.
double predicted_rank(const Trial& t, std::int64_t steps_done) {
  const double exponent =
      t.optimizer == OptimizerKind::gd ? gd_exponent(t.alpha, steps_done) : muon_exponent(t.alpha, steps_done);
  const double learnt = std::pow(static_cast<double>(t.d), exponent), seen = std::pow(t.batch, 1 / t.alpha);
  return t.threshold_value * std::min(learnt, seen);
}

}  // namespace

Batch drop_recovered(const Trial& t, const Batch& batch, std::int64_t steps_done, const Matrix& weights,
                     const Recovery& recovery, Workspace& workspace) {
  const Workspace::Cache& cache = workspace.cache();
  switch (t.threshold) {
    case ThresholdRule::argmax:
      return without(batch, recovery);
    case ThresholdRule::margin:
      return without(batch,
                     find_recovered(cache.memory, cache.competitors, weights, t.threshold_value, workspace.team()));
    case ThresholdRule::probability:
      return without_probable(batch, t.threshold_value, weights, workspace);
    case ThresholdRule::rank: {
      const double last = predicted_rank(t, steps_done);
      return filtered(batch, [&](std::int64_t item, std::size_t) { return static_cast<double>(item + 1) > last; });
    }
    case ThresholdRule::none:
      break;
  }
  return batch;
}

}  // namespace memscale
