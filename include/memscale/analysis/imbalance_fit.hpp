#pragma once

#include <string>
#include <vector>

#include "memscale/analysis/run_group.hpp"
#include "memscale/analysis/verdict.hpp"

namespace memscale {

/// Delta(W) = max_k f_k - min_k f_k beside L(W), along one-step trials of several eta or along a training, from W = 0
/// on (arXiv 2509.26030).
struct ImbalancePath {
  std::vector<double> loss, imbalance;  ///< ascending eta, or step

  double largest() const;
  /// Delta where L first is `loss`, linear between neighbours; NaN where it never is.
  double at_loss(double loss) const;
};

/// Of one method in one basis; means over seeds. Theory: 0 for muon, tra-signgd and signgd in the identity basis, as K
/// grows.
struct ImbalanceRow {
  std::string label;
  const OrthogonalRun* run = nullptr;  ///< of the largest eta, or the most steps
  std::vector<ImbalancePath> paths;    ///< of each seed
  Coefficient largest, at_half;        ///< at_half: where L = log(K) / 2
};

struct ImbalanceRows {
  std::vector<ImbalanceRow> sweeps;     ///< of one step, over eta
  std::vector<ImbalanceRow> trainings;  ///< the longest of those that differ in steps alone
  std::vector<std::string> notes;
};

ImbalanceRows imbalance_rows(std::span<const OrthogonalRun* const> runs);

}  // namespace memscale
