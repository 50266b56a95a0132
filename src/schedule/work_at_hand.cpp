#include "memscale/schedule/work_at_hand.hpp"

#include <algorithm>

namespace memscale {

WorkAtHand::WorkAtHand(int ranks) : ranks_(static_cast<std::size_t>(ranks)) {}

void WorkAtHand::begin(int number, double until) {
  const auto place = static_cast<std::size_t>(number);
  leave_out(ranks_[place]);
  ranks_[place] = {.at_work = true, .counted = true, .until = until};
  ends_.emplace(until, place);
  sum_ += until;
  ++counted_;
}

void WorkAtHand::leave_out(Rank& rank) {
  if (!std::exchange(rank.counted, false)) return;
  sum_ -= rank.until;
  if (--counted_ == 0) sum_ = 0;  // without the roundings of what was subtracted
}

void WorkAtHand::end(std::span<const int> idle) {
  for (auto number = idle.rbegin(); number != idle.rend(); ++number) {
    Rank& rank = ranks_[static_cast<std::size_t>(*number)];
    if (!std::exchange(rank.at_work, false)) return;
    leave_out(rank);
  }
}

double WorkAtHand::seconds_left(double now) {
  for (; !ends_.empty() && ends_.top().first <= now; ends_.pop()) {
    const auto [until, place] = ends_.top();
    if (ranks_[place].until == until) leave_out(ranks_[place]);
  }
  return std::max(0.0, sum_ - now * static_cast<double>(counted_));
}

void WorkAtHand::scale(double factor, double now) {
  ends_ = {};
  sum_ = 0;
  for (std::size_t place = 0; place < ranks_.size(); ++place) {
    Rank& rank = ranks_[place];
    if (!rank.counted) continue;
    rank.until = now + std::max(0.0, rank.until - now) * factor;
    ends_.emplace(rank.until, place);
    sum_ += rank.until;
  }
}

}  // namespace memscale
