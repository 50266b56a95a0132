#include "memscale/commands/sweep.hpp"

#include <unistd.h>

#include <cstdio>
#include <system_error>
#include <unordered_set>

#include "memscale/commands/say.hpp"
#include "memscale/commands/stop_signals.hpp"
#include "memscale/core/exit_status.hpp"
#include "memscale/linalg/blas_kernel.hpp"
#include "memscale/schedule/cost_model.hpp"

namespace memscale {

namespace {

std::vector<Trial> trials_without_result(const std::vector<Trial>& trials, const ResultStore& store) {
  std::vector<Trial> missing;
  for (const Trial& trial : trials)
    if (!store.has_result(trial_id(trial))) missing.push_back(trial);
  return missing;
}

double total_cost(const std::vector<Trial>& trials) {
  double cost = 0;
  for (const Trial& trial : trials) cost += estimate_cost(trial).total();
  return cost;
}

}  // namespace

Sweep::Sweep(const RunOptions& options)
    : job_(read_job(options.job, options.job_flags)),
      store_(options.store, {MEMSCALE_VERSION, job_.text, options.command_line}),
      to_run_(trials_without_result(job_.trials, store_)),
      progress_(job_.trials.size(), job_.trials.size() - to_run_.size(), total_cost(to_run_)) {
  std::unordered_set<std::uint64_t> wanted;
  for (const Trial& trial : job_.trials) wanted.insert(trial_id(trial));
  for (const Record& record : store_.records()) {
    const std::uint64_t id = trial_id(record.trial);
    if (store_.has_result(id) && wanted.contains(id)) tally_.add_stored(record);
  }
}

void Sweep::announce(int workers) const {
  say(blas_description());
  say(std::to_string(job_.trials.size()) + " trials, " + std::to_string(job_.trials.size() - to_run_.size()) +
      " already stored, " + std::to_string(to_run_.size()) + " to run on " + std::to_string(workers) +
      (workers == 1 ? " rank" : " ranks"));
}

int Sweep::run(Transport& transport) {
  defer_stop_signals();
  announce(transport.workers());
  TrialQueue queue(to_run_);
  Dispatcher dispatcher(queue, transport);
  dispatcher.run(
      [&](const Record& record) {
        keep(record);
        if (disk_failed_) dispatcher.stop_issuing();
      },
      [&] { take_turn(dispatcher); });
  try_to([&] { store_.sync(); });
  if (!to_run_.empty()) progress_.finish(store_.synced());
  if (disk_failed_) return exit_work_left;
  const int status = finish();
  if (queue.remaining() == 0) return status;
  say(std::to_string(queue.remaining()) + " trials left; run the same command again");
  return exit_work_left;
}

int Sweep::finish() {
  try {
    store_.finish();
  } catch (const std::exception& error) {
    say(std::string(error.what()) + ": the results are safe in the journal; run the same command again");
    return exit_work_left;
  }
  if (to_run_.empty()) say("nothing to run");
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
