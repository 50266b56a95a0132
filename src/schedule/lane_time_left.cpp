#include <algorithm>
#include <cmath>

#include "memscale/schedule/lane.hpp"

// What of a lane can still be done in the time that is left.

namespace memscale {

bool Lane::fits(std::size_t i, double embeddings, const Limits& limits, const CostModel& model) {
  if (std::isinf(limits.time_left)) return true;
  if (model.learnt() == 0) return limits.time_left > 0;  // nothing is known of this machine's speed
  const Trial& trial = trials_[i];
  const double divided = divisible_share(trial) * (1 - 1.0 / width_);
  // A trial of several steps can be continued from its last one.
  const double needed = embeddings + seconds_[i] * (1 - divided) / static_cast<double>(trial.steps);
  shortest_seen_ = std::min(shortest_seen_, needed);
  return needed * model.spread() <= limits.time_left;
}

/// The longest trial of any piece that fits, as a piece of its own.
std::optional<std::size_t> Lane::find_fitting(const Limits& limits, const CostModel& model) {
  if (shortest_ * model.spread() > limits.time_left) return std::nullopt;
  std::optional<std::pair<std::size_t, std::size_t>> found;  // piece, trial
  shortest_seen_ = limits.time_left;
  for (std::size_t p = 0; p < pieces_.size(); ++p)
    for (std::size_t i = pieces_[p].front; i < pieces_[p].back; ++i)
      if ((!found || seconds_[i] > seconds_[found->second]) && fits(i, pieces_[p].embeddings, limits, model))
        found = {p, i};
  if (!found) {
    shortest_ = shortest_seen_;
    return std::nullopt;
  }
  Piece& piece = pieces_[found->first];
  std::swap(trials_[found->second], trials_[piece.back - 1]);
  std::swap(seconds_[found->second], seconds_[piece.back - 1]);
  costs_.swap(found->second, piece.back - 1);
  for (std::size_t i : {found->second, std::min(found->second + 1, piece.back - 1), piece.back - 1}) set_joins(i);
  --piece.back;
  piece.seconds = std::max(0.0, piece.seconds - seconds_[piece.back]);
  if (found->second == piece.front) piece.begun = false;
  if (piece.owner >= 0) set_end(found->first, piece.end - seconds_[piece.back] / speed_);
  if (piece.owner < 0 && !piece.empty()) free_.emplace(longest(piece), found->first);
  Piece single = piece;
  single.front = piece.back;
  single.back = piece.back + 1;
  single.seconds = seconds_[piece.back];
  single.owner = -1;
  single.begun = false;
  piece.opened = true;  // its embeddings are counted once, with the single
  return add_piece(single);
}

}  // namespace memscale
