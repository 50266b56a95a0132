#include "memscale/commands/sweep.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <system_error>
#include <utility>

#include "memscale/commands/missing_trials.hpp"
#include "memscale/commands/say.hpp"
#include "memscale/commands/stop_signals.hpp"
#include "memscale/core/exit_status.hpp"
#include "memscale/core/memory.hpp"
#include "memscale/core/text.hpp"
#include "memscale/schedule/memory_model.hpp"
#include "memscale/store/run_state.hpp"

namespace memscale {

namespace {

constexpr double state_interval = 1;  // seconds

Writer writer_of(Job& job, const RunOptions& options) {
  JobEntry entry{.text = std::move(job.text),
                 .flags = std::move(job.flags),
                 .parameters = std::move(job.parameters),
                 .version = MEMSCALE_VERSION,
                 .forced = {}};
  return {std::move(entry), options.command_line, options.force};
}

/// The job, if this machine has the memory for its trials.
Job read_fitting_job(const RunOptions& options, const RunRanks& ranks) {
  Job job = read_job(options.job, options.job_flags);
  require_memory(job.trials, options.threads, ranks.on_this_node, read_memory().available);
  return job;
}

std::optional<SeedRounds> make_rounds(const Job& job) {
  if (!job.policy.target_ci.given()) return std::nullopt;
  return SeedRounds(job.trials, job.policy.target_ci, job.policy.max_seeds,
                    [](const Trial& trial) { return estimate_cost(trial).total(); });
}

}  // namespace

Sweep::Sweep(const RunOptions& options, const RunRanks& ranks)
    : Sweep(read_fitting_job(options, ranks), options, ranks) {}

Sweep::Sweep(Job job, const RunOptions& options, const RunRanks& ranks)
    : policy_(job.policy),
      rounds_(make_rounds(job)),
      ranks_(ranks),
      job_name_(options.job.filename().string()),
      threads_(options.threads),
      clock_(policy_),
      store_(options.store, writer_of(job, options)),
      path_(resolve_store_path(options.store)),
      checkpoints_(path_),
      attempts_(path_),
      trials_(job.trials.size()),
      missing_(take_missing(job, store_, attempts_, tally_)),
      quarantined_(std::move(missing_.quarantined)),
      scheduler_(make_scheduler(std::move(missing_), policy_, ranks.ranks, learn_costs(job, store_, options.threads))),
      to_run_(scheduler_.remaining()),
      watch_(ranks.ranks, time_of_day()),
      progress_(trials_, trials_ - to_run_ - quarantined_.size()) {}

int Sweep::run(Transport& transport) {
  transport_ = &transport;
  defer_stop_signals();
  announce();
  try_to([&] { checkpoints_.remove_leftovers(); });
  transport.start_run({policy_.trial_timeout, policy_.checkpoint_seconds, path_.snapshot.string()});
  keep(quarantined_);
  run_trials();
  while (begin_round()) run_trials();
  try_to([&] { store_.sync(); });
  if (to_run_ > 0) progress_.finish(store_.synced());
  if (!disk_failed_ && scheduler_.remaining() == 0) return finish();
  attempts_.end();
  tell_end(disk_failed_ ? "the disk failed" : "no trial that is left would end in time");
  if (disk_failed_) return exit_work_left;
  return say_what_is_left();
}

void Sweep::run_trials() {
  Dispatcher dispatcher(scheduler_, *transport_, *this);
  dispatcher_ = &dispatcher;
  dispatcher.set_time_left([this] { return clock_.time_left(); });
  if (!ending_.empty()) dispatcher.interrupt();  // quarantined trials were too many failures
  dispatcher.run();
  dispatcher_ = nullptr;
}

int Sweep::finish() {
  try {
    store_.finish();
  } catch (const InputError&) {  // a damaged store: the same command again would say the same
    throw;
  } catch (const std::exception& error) {
    attempts_.end();
    tell_end("the snapshot failed");
    say(std::string(error.what()) + ": the results are kept; run the same command again");
    return exit_work_left;
  }
  if (to_run_ == 0) say("nothing to run");
  if (rounds_) tell_targets();
  if (tally_.failed() > 0 && !tally_.first_failure().empty()) say("first failure: " + tally_.first_failure());
  const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  std::printf("%s\n", tally_.summary(wall).c_str());
  return tally_.failed() > 0 ? exit_failures : exit_done;
}

void Sweep::on_assigned(const Assignment& assignment) {
  any_assigned_ = true;
  std::vector<std::uint64_t> ids;
  for (const Trial& trial : assignment.trials) ids.push_back(trial_id(trial));
  attempts_.at_work(assignment.ranks, ids);
  watch_.assigned(assignment, time_of_day());
}

void Sweep::on_idle(std::span<const int> ranks) {
  attempts_.idle(ranks);
  watch_.idle(ranks, time_of_day());
}

void Sweep::on_records(int rank, std::vector<Record> records) {
  watch_.ended(rank, records.size(), time_of_day());
  std::erase_if(records, [this](const Record& record) { return is_to_be_tried_again(record); });
  keep(records);
}

bool Sweep::is_to_be_tried_again(const Record& record) {
  if (record.result.status != TrialStatus::failed || policy_.retry == 0 || !dispatcher_->issuing()) return false;
  int& tries = tries_[trial_id(record.trial)];
  if (tries == policy_.retry) return false;
  ++tries;
  scheduler_.put_last(record.trial, false);
  return true;
}

void Sweep::keep(std::span<const Record> records) {
  for (const Record& record : records) tally_.add_run(record);
  try_to([&] {
    store_.append(records);
    for (const Record& record : records)
      if (record.trial.steps > 1) checkpoints_.remove(trial_id(record.trial));
  });
  for (const Record& record : records) {
    if (record.result.status != TrialStatus::failed) continue;
    ++failed_;
    if (policy_.on_error == OnError::abort)
      end_early("a trial failed (on-error = abort)", true);
    else if (policy_.max_fails && failed_ >= *policy_.max_fails)
      end_early(std::to_string(failed_) + (failed_ == 1 ? " trial" : " trials") + " failed (max-fails)", true);
  }
}

void Sweep::on_turn() {
  heed_signals();
  heed_time();
  if (take_commit_request()) {
    try_to([&] { store_.sync(); });
    if (stop_requested() != StopRequest::now) tell_of_dead_ranks();  // workers may leave at the same signal
  }
  try_to([&] { store_.sync_if_due(); });
  try_to([&] { store_.snapshot_if_due(); });
  if (disk_failed_) dispatcher_->interrupt();
  if (time_of_day() - told_.updated >= state_interval) tell_state();
  progress_.show_if_due({store_.synced(), watch_.running(), told_.eta_seconds, told_.eta_error});
}

void Sweep::heed_signals() {
  const StopRequest request = stop_requested();
  if (request == StopRequest::now) leave_now("stopped by a signal", false);
  if (request == StopRequest::drain) end_early("a signal", false);
}

void Sweep::heed_time() {
  if (clock_.is_over()) leave_now("the time is over", true);
  if (clock_.time_left() > 0 || !ending_.empty()) return;
  ended_by_time_ = true;
  end_early("the time limit is near", false);
}

void Sweep::end_early(const std::string& why, bool failed) {
  if (!ending_.empty()) return;
  ending_ = why;
  gave_up_ = failed;
  tell(why + ": no more trials are begun; waiting for those at work, which stop after the step at hand" +
       (failed ? "" : " (a second signal ends at once)"));
  if (dispatcher_) dispatcher_->interrupt();
}

void Sweep::try_to(const std::function<void()>& write) {
  if (disk_failed_) return;  // what failed once is not tried again: its state on disk is unknown
  try {
    write();
  } catch (const std::system_error& error) {
    disk_failed_ = true;
    sync_what_is_written();
    tell(std::string(error.what()) + ": ending with " + std::to_string(store_.synced()) +
         " results of this run kept; run the same command again");
  }
}

void Sweep::sync_what_is_written() {
  try {
    store_.sync();
  } catch (const std::system_error&) {
    // the first error is the one to tell
  }
}

void Sweep::leave_now(const std::string& why, bool by_time) {
  try_to([&] { store_.sync(); });
  ending_ = why;
  tell_state();
  const bool in_vain = by_time && has_done_nothing();
  tell(why + ": " + std::to_string(store_.synced()) + " results of this run kept; " +
       (in_vain ? "its trials need more time than the walltime" : "run the same command again"));
  if (by_time) attempts_.end();
  // No MPI_Finalize, which would hang when ranks have died, and no destructors, which would wait for a trial.
  _exit(in_vain ? exit_failures : exit_work_left);
}

/// Whether the same command would only do the same again.
bool Sweep::has_done_nothing() const try {
  return store_.synced() == 0 && checkpoints_.ids().empty();
} catch (const std::system_error&) {  // a folder that cannot be read may hold some
  return false;
}

}  // namespace memscale
