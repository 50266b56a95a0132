#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "memscale/core/thread_team.hpp"
#include "memscale/model/item_groups.hpp"
#include "memscale/model/score_rows.hpp"

namespace memscale {

/// K orthonormal pairs (E_j, E~_j): input E_j is seen with its item's frequency p_j, and its target is output i with
/// probability p_i|j = (1 - a) [i = j] + a / K, a the label noise (arXiv 2602.05725, 2509.26030).
struct OrthogonalMemory {
  ItemGroups groups;
  double label_noise = 0;                 ///< a, from 0 to below 1
  std::unique_ptr<const ScoreRows> rows;  ///< how scores are held

  double items() const { return static_cast<double>(groups.items()); }
  /// L* = -sum_i p_i|j log p_i|j, the entropy of the targets (nat): no scores have less loss.
  double loss_floor() const;
};

/// What a memory's scores say, row by row of memory.rows.
struct ScoreView {
  Matrix gradient;                      ///< negative gradient p_j (p_i|j - pi_i|j) in the layout of the scores
  Vector gap;                           ///< L_j - L* = sum_i p_i|j log(p_i|j / pi_i|j) >= 0, to relative accuracy (nat)
  Vector correct;                       ///< f_j = pi_j|j, probability of the correct output
  std::vector<std::uint8_t> recovered;  ///< s_jj > s_ij for every i != j
};

/// Softmax pi_i|j = exp(s_ij) / sum_k exp(s_kj) of all rows. Scores that are not finite give gradients that are not.
/// The same bits for any team.
ScoreView view_scores(const OrthogonalMemory& memory, const Matrix& scores, ThreadTeam& team);

/// Takes the mean from each row of what has the layout of scores. Rows of a gradient have mean 0, so those of msgn and
/// of its polynomials do; but in the direction that all outputs share, where the singular value is 0, rounding may be
/// taken for one.
void center_rows(const OrthogonalMemory& memory, Matrix& scores);

/// Means and extremes over inputs.
struct ScoreSummary {
  double gap = 0;  ///< L - L* = sum_j p_j (L_j - L*)
  double min_probability = 0, max_probability = 0;
  double accuracy = 0;  ///< sum_j p_j [j recovered]
  std::int64_t capacity = 0;
  std::int64_t prefix = 0;  ///< the largest n such that items 1..n are all recovered
};

ScoreSummary summarize(const OrthogonalMemory& memory, const ScoreView& view);

/// Whether each item is recovered, (items).
std::vector<std::uint8_t> recovered_items(const OrthogonalMemory& memory, const ScoreView& view);

/// Mean gap of each group's items, (groups).
Vector group_gaps(const OrthogonalMemory& memory, const ScoreView& view);

}  // namespace memscale
