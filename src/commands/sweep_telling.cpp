#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "memscale/commands/say.hpp"
#include "memscale/commands/sweep.hpp"
#include "memscale/core/exit_status.hpp"
#include "memscale/core/process.hpp"
#include "memscale/core/text.hpp"
#include "memscale/linalg/blas_kernel.hpp"
#include "memscale/store/run_state.hpp"

// What a sweep tells its user, and others through the store's run state.

namespace memscale {

namespace {

std::string ranks_text(int ranks) {
  return std::to_string(ranks) + (ranks == 1 ? " rank" : " ranks");
}

}  // namespace

void Sweep::announce() const {
  say(blas_description());
  std::string line = std::to_string(trials_) + " trials, " + std::to_string(trials_ - to_run_ - quarantined_.size()) +
                     " already stored, " + std::to_string(to_run_) + " to run on " + ranks_text(ranks_.ranks);
  if (!quarantined_.empty()) line += ", " + std::to_string(quarantined_.size()) + " quarantined: their rank died";
  say(line);
  if (rounds_)
    say("rounds of seeds follow where intervals are wider than the target: " + to_text(rounds_->most_added()) +
        " trials more at most");
}

int Sweep::say_what_is_left() const {
  std::string left = std::to_string(scheduler_.remaining()) + " trials left";
  if (rounds_)
    left += rounds_->rounds() == 0 ? ", before the rounds of seeds" : " of round " + std::to_string(rounds_->rounds());
  if (gave_up_) {
    say(left + ": " + ending_ + "; first failure: " + tally_.first_failure());
    return exit_failures;
  }
  if (!ending_.empty() && !(ended_by_time_ && !any_assigned_)) {
    say(left + "; run the same command again");
    return exit_work_left;
  }
  if (any_assigned_) {
    say(left + ", none of which would end in time; run the same command again");
    return exit_work_left;
  }
  // The same command would do as little the next time.
  say(left + ", none of which can be begun within the time limit (walltime less grace)");
  return exit_failures;
}

RunState Sweep::state() const {
  const double now = time_of_day();
  RunState state;
  state.job = job_name_;
  state.host = host_name();
  state.pid = ::getpid();
  state.started = now - std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  state.updated = now;
  state.ranks = ranks_.ranks;
  state.threads = threads_;
  state.ok = static_cast<std::int64_t>(tally_.count(TrialStatus::ok));
  state.diverged = static_cast<std::int64_t>(tally_.count(TrialStatus::diverged));
  state.failed = static_cast<std::int64_t>(tally_.count(TrialStatus::failed));
  state.running = static_cast<std::int64_t>(watch_.running());
  state.pending = static_cast<std::int64_t>(scheduler_.remaining() + watch_.waiting());
  const double rank_seconds_left = scheduler_.remaining_seconds() + watch_.core_seconds_left(now);
  state.adds_seeds = rounds_.has_value();
  state.round = rounds_ ? static_cast<std::int64_t>(rounds_->rounds()) : 0;
  state.core_seconds_done = watch_.core_seconds(now) * threads_;
  state.core_seconds_left = rank_seconds_left * threads_;
  state.busy = watch_.busy(now);
  const CostModel& model = scheduler_.model();
  if (model.learnt() > 0) {
    state.eta_seconds = std::max(rank_seconds_left / ranks_.ranks, watch_.longest_left(now));
    // As if the errors of trials were independent: of what is to come, and of the rates learnt.
    const auto left = static_cast<double>(state.running + state.pending), seen = static_cast<double>(model.learnt());
    state.eta_error = *state.eta_seconds * model.deviation() * std::sqrt(1 / std::max(1.0, left) + 1 / seen);
  }
  state.time_limit = clock_.end();
  state.ending = ending_;
  state.trials = watch_.trials(most_running_shown);
  return state;
}

void Sweep::tell_state() {
  told_ = state();
  if (!disk_failed_) write_run_state(path_, told_);
}

void Sweep::tell_end(const std::string& why) {
  told_ = state();
  told_.trials.clear();
  if (told_.ending.empty()) told_.ending = why;
  write_run_state(path_, told_);
}

void Sweep::tell_of_dead_ranks() {
  for (int rank : transport_->dead_ranks()) {
    std::string text = "rank " + std::to_string(rank) + " has ended";
    if (const Assignment* work = watch_.assignment_of(rank))
      text += " while it ran trial " + to_hex(trial_id(work->trials.front())) +
              (work->trials.size() > 1 ? " or one of " + std::to_string(work->trials.size() - 1) + " after it" : "");
    tell(text);
  }
}

void Sweep::tell(const std::string& text) {
  progress_.break_line();
  say(text);
}

}  // namespace memscale
