#include "memscale/commands/sweep.hpp"

#include <unistd.h>

#include <cstdio>
#include <optional>
#include <system_error>
#include <utility>

#include "memscale/commands/say.hpp"
#include "memscale/commands/stop_signals.hpp"
#include "memscale/core/exit_status.hpp"
#include "memscale/linalg/blas_kernel.hpp"
#include "memscale/schedule/cost_model.hpp"

namespace memscale {

namespace {

Writer writer_of(Job& job, const RunOptions& options) {
  JobEntry entry{.text = std::move(job.text),
                 .flags = std::move(job.flags),
                 .parameters = std::move(job.parameters),
                 .version = MEMSCALE_VERSION,
                 .forced = {}};
  return {std::move(entry), options.command_line, options.force};
}

/// The trials without a finished result, in their order; the finished ones are counted.
std::vector<Trial> take_missing(Job& job, const ResultStore& store, RunTally& tally) {
  std::size_t missing = 0;
  for (std::size_t i = 0; i < job.ids.size(); ++i) {
    const std::optional<TrialStatus> status = store.status_of(job.ids[i]);
    if (status && *status != TrialStatus::failed)
      tally.add_stored(*status);
    else if (missing++ != i)
      job.trials[missing - 1] = job.trials[i];
  }
  job.trials.resize(missing);
  return std::move(job.trials);
}

double total_cost(const std::vector<Trial>& trials) {
  double cost = 0;
  for (const Trial& trial : trials) cost += estimate_cost(trial).total();
  return cost;
}

}  // namespace

Sweep::Sweep(const RunOptions& options) : Sweep(read_job(options.job, options.job_flags), options) {}

Sweep::Sweep(Job job, const RunOptions& options)
    : store_(options.store, writer_of(job, options)),
      trials_(job.trials.size()),
      to_run_(take_missing(job, store_, tally_)),
      to_run_count_(to_run_.size()),
      progress_(trials_, trials_ - to_run_count_, total_cost(to_run_)) {}

void Sweep::announce(int workers) const {
  say(blas_description());
  say(std::to_string(trials_) + " trials, " + std::to_string(trials_ - to_run_count_) + " already stored, " +
      std::to_string(to_run_count_) + " to run on " + std::to_string(workers) + (workers == 1 ? " rank" : " ranks"));
}

int Sweep::run(Transport& transport) {
  defer_stop_signals();
  announce(transport.workers());
  TrialQueue queue(std::move(to_run_));
  Dispatcher dispatcher(queue, transport);
  dispatcher.run(
      [&](const Record& record) {
        keep(record);
        if (disk_failed_) dispatcher.stop_issuing();
      },
      [&] { take_turn(dispatcher); });
  try_to([&] { store_.sync(); });
  if (to_run_count_ > 0) progress_.finish(store_.synced());
  if (disk_failed_) return exit_work_left;
  const int status = finish();
  if (queue.remaining() == 0) return status;
  say(std::to_string(queue.remaining()) + " trials left; run the same command again");
  return exit_work_left;
}

int Sweep::finish() {
  try {
    store_.finish();
  } catch (const InputError&) {  // a damaged store: the same command again would say the same
    throw;
  } catch (const std::exception& error) {
    say(std::string(error.what()) + ": the results are kept; run the same command again");
    return exit_work_left;
  }
  if (to_run_count_ == 0) say("nothing to run");
  if (tally_.failed() > 0) say("first failure: " + tally_.first_failure());
  const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  std::printf("%s\n", tally_.summary(wall).c_str());
  return tally_.failed() > 0 ? exit_failures : exit_done;
}

void Sweep::keep(const Record& record) {
  tally_.add_run(record);
  progress_.add_finished(estimate_cost(record.trial).total());
  try_to([&] { store_.append(record); });
}

void Sweep::take_turn(Dispatcher& dispatcher) {
  const StopRequest request = stop_requested();
  if (request == StopRequest::now) leave_now();
  if (request == StopRequest::drain && dispatcher.issuing()) {
    tell("SIGUSR1: waiting for the trials at work, no more are begun");
    dispatcher.stop_issuing();
  }
  if (take_commit_request()) try_to([&] { store_.sync(); });
  try_to([&] { store_.sync_if_due(); });
  try_to([&] { store_.snapshot_if_due(); });
  if (disk_failed_) dispatcher.stop_issuing();
  progress_.show_if_due(store_.synced());
}

template <class Write>
void Sweep::try_to(Write&& write) {
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

void Sweep::tell(const std::string& text) {
  progress_.break_line();
  say(text);
}

void Sweep::leave_now() {
  try_to([&] { store_.sync(); });
  tell("stopped by a signal: " + std::to_string(store_.synced()) +
       " results of this run kept; run the same command again");
  // No MPI_Finalize, which would hang when ranks have died, and no destructors, which would wait for a trial.
  _exit(exit_work_left);
}

}  // namespace memscale
