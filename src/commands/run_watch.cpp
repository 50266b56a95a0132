#include "memscale/commands/run_watch.hpp"

#include <algorithm>

namespace memscale {

void RunWatch::assigned(const Assignment& assignment, double now) {
  at_work_[assignment.ranks.front()] = {assignment, now, now};
}

void RunWatch::ended(int rank, std::size_t trials, double now) {
  const auto work = at_work_.find(rank);
  if (work == at_work_.end()) return;
  work->second.ended += trials;
  work->second.trial_since = now;
}

void RunWatch::idle(std::span<const int> ranks, double now) {
  const auto work = at_work_.find(ranks.front());
  if (work == at_work_.end()) return;
  seconds_done_ += (now - work->second.since) * static_cast<double>(ranks.size());
  at_work_.erase(work);
}

std::size_t RunWatch::waiting() const {
  std::size_t count = 0;
  for (const auto& [rank, work] : at_work_) {
    const std::size_t left = work.assignment.trials.size() - std::min(work.ended, work.assignment.trials.size());
    count += left > 0 ? left - 1 : 0;
  }
  return count;
}

std::vector<RunningTrial> RunWatch::trials(std::size_t most) const {
  std::vector<const Work*> longest;
  for (const auto& [rank, work] : at_work_) longest.push_back(&work);
  const auto shown = longest.begin() + static_cast<std::ptrdiff_t>(std::min(most, longest.size()));
  std::partial_sort(longest.begin(), shown, longest.end(),
                    [](const Work* a, const Work* b) { return a->trial_since < b->trial_since; });
  std::vector<RunningTrial> trials;
  for (auto work = longest.begin(); work != shown; ++work) {
    const Assignment& assignment = (*work)->assignment;
    const std::size_t place = std::min((*work)->ended, assignment.trials.size() - 1);
    trials.push_back({.id = trial_id(assignment.trials[place]),
                      .rank = assignment.ranks.front(),
                      .ranks = static_cast<std::int64_t>(assignment.ranks.size()),
                      .since = (*work)->trial_since,
                      .expected_seconds = assignment.seconds /
                                          static_cast<double>(assignment.trials.size() * assignment.ranks.size())});
  }
  return trials;
}

const Assignment* RunWatch::assignment_of(int rank) const {
  for (const auto& [leader, work] : at_work_) {
    const std::vector<int>& ranks = work.assignment.ranks;
    if (std::find(ranks.begin(), ranks.end(), rank) != ranks.end()) return &work.assignment;
  }
  return nullptr;
}

double RunWatch::core_seconds(double now) const {
  double seconds = seconds_done_;
  for (const auto& [rank, work] : at_work_)
    seconds += (now - work.since) * static_cast<double>(work.assignment.ranks.size());
  return seconds;
}

double RunWatch::busy(double now) const {
  const double all = (now - started_) * ranks_;
  return all > 0 ? std::clamp(core_seconds(now) / all, 0.0, 1.0) : 0;
}

double RunWatch::core_seconds_left(double now) const {
  double seconds = 0;
  for (const auto& [rank, work] : at_work_) seconds += left(work, now);
  return seconds;
}

double RunWatch::longest_left(double now) const {
  double longest = 0;
  for (const auto& [rank, work] : at_work_)
    longest = std::max(longest, left(work, now) / static_cast<double>(work.assignment.ranks.size()));
  return longest;
}

/// Seconds of ranks.
double RunWatch::left(const Work& work, double now) {
  return std::max(0.0,
                  work.assignment.seconds - (now - work.since) * static_cast<double>(work.assignment.ranks.size()));
}

}  // namespace memscale
