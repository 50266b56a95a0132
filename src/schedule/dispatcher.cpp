#include "memscale/schedule/dispatcher.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace memscale {

namespace {

constexpr std::chrono::milliseconds turn_limit{50};  // signals wait at most this long for on_turn

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Dispatcher::Dispatcher(Scheduler& scheduler, Transport& transport, RunObserver& observer)
    : scheduler_(scheduler),
      transport_(transport),
      observer_(observer),
      clock_(steady_seconds),
      idle_(static_cast<std::size_t>(transport.ranks())),
      leader_of_(static_cast<std::size_t>(transport.ranks()), 0) {
  std::iota(idle_.begin(), idle_.end(), 0);
}

void Dispatcher::run() {
  observer_.on_turn();  // the end may have been asked for before the beginning
  hand_out();
  while (busy_ > 0) {
    observer_.on_turn();
    if (auto report = transport_.wait(turn_limit)) take(std::move(*report));
    hand_out();  // what the observer put back
  }
}

void Dispatcher::hand_out() {
  while (issuing_ && !idle_.empty()) {
    Moment moment{.now = clock_()};
    if (time_left_) moment.time_left = time_left_();
    const auto assignment = scheduler_.next(idle_, moment);
    if (!assignment) return;
    observer_.on_assigned(*assignment);
    transport_.assign(*assignment);
    const int leader = assignment->ranks.front();
    for (int rank : assignment->ranks) {
      idle_.erase(std::find(idle_.rbegin(), idle_.rend(), rank).base() - 1);
      leader_of_[static_cast<std::size_t>(rank)] = leader;
    }
    busy_ += assignment->ranks.size();
    crews_[leader] = {assignment->ranks, assignment->ranks.size()};
  }
}

void Dispatcher::take(Report report) {
  for (const Trial& trial : report.returned) scheduler_.put_back(trial);
  const auto crew = crews_.find(leader_of_[static_cast<std::size_t>(report.rank)]);
  const int ranks = crew == crews_.end() ? 1 : static_cast<int>(crew->second.ranks.size());
  for (const Record& record : report.records) scheduler_.finished(record, ranks);
  if (report.idle) release(report.rank);
  hand_out();  // first, so that the ranks need not wait for the disk
  if (!report.records.empty()) observer_.on_records(report.rank, std::move(report.records));
}

/// Ranks that share a trial become idle together, so that they can share the next one.
void Dispatcher::release(int rank) {
  const auto crew = crews_.find(leader_of_[static_cast<std::size_t>(rank)]);
  if (--crew->second.at_work > 0) return;
  const std::vector<int> ranks = std::move(crew->second.ranks);
  crews_.erase(crew);
  observer_.on_idle(ranks);
  busy_ -= ranks.size();
  idle_.insert(idle_.end(), ranks.begin(), ranks.end());
}

void Dispatcher::interrupt() {
  issuing_ = false;
  if (!std::exchange(interrupted_, true)) transport_.interrupt();
}

}  // namespace memscale
