#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "memscale/analysis/seed_rounds.hpp"
#include "memscale/commands/missing_trials.hpp"
#include "memscale/commands/progress.hpp"
#include "memscale/commands/run_clock.hpp"
#include "memscale/commands/run_options.hpp"
#include "memscale/commands/run_tally.hpp"
#include "memscale/commands/run_watch.hpp"
#include "memscale/experiment/job_file.hpp"
#include "memscale/schedule/dispatcher.hpp"
#include "memscale/store/attempt_log.hpp"
#include "memscale/store/checkpoint_folder.hpp"
#include "memscale/store/result_store.hpp"
#include "memscale/store/run_state.hpp"

namespace memscale {

/// The ranks that a run has.
struct RunRanks {
  int ranks = 1;
  int on_this_node = 1;
};

/// One `memscale run`, on the process that leads it: a job, a store, and the trials of the one that the other lacks;
/// then, where intervals have targets, rounds of more seeds.
class Sweep : private RunObserver {
 public:
  /// Reads the job, then opens the store. Throws InputError.
  Sweep(const RunOptions& options, const RunRanks& ranks);

  /// Runs what is to run, stores it, and returns the exit status. Once. SIGTERM, SIGHUP and any second signal end the
  /// process from here, with results synced and status exit_work_left.
  int run(Transport& transport);

 private:
  Sweep(Job job, const RunOptions& options, const RunRanks& ranks);

  void on_assigned(const Assignment& assignment) override;
  void on_records(int rank, std::vector<Record> records) override;
  void on_idle(std::span<const int> ranks) override;
  void on_turn() override;

  /// Runs what the scheduler has.
  void run_trials();
  /// Gives the scheduler the next round's trials, unless it has some left, or ends early. False: there is nothing to
  /// run any more.
  bool begin_round();
  /// Decides on the next round. False if there is none, or the disk fails.
  bool plan_round(Job& round);
  void announce() const;
  void tell_round(std::size_t trials, std::size_t stored);
  void tell_targets() const;
  int finish();
  int say_what_is_left() const;
  bool is_to_be_tried_again(const Record& record);
  void keep(std::span<const Record> records);
  void heed_signals();
  void heed_time();
  void end_early(const std::string& why, bool failed);
  RunState state() const;
  void tell_state();
  /// The last state of a run that leaves work; `why` where nothing was said of an end before.
  void tell_end(const std::string& why);
  /// Calls `write`, which reads or writes the store; where the disk fails, says so and lets the run end with what is
  /// synced.
  void try_to(const std::function<void()>& write);
  void sync_what_is_written();
  void tell_of_dead_ranks();
  bool has_done_nothing() const;
  /// say, below the progress line.
  void tell(const std::string& text);
  [[noreturn]] void leave_now(const std::string& why, bool by_time);

  RunPolicy policy_;
  std::optional<SeedRounds> rounds_;  ///< where intervals have targets
  RunRanks ranks_;
  std::string job_name_;
  int threads_;
  RunClock clock_;
  ResultStore store_;
  StorePath path_;
  CheckpointFolder checkpoints_;
  AttemptLog attempts_;
  RunTally tally_;
  std::size_t trials_;     ///< of the job and the rounds so far
  MissingTrials missing_;  ///< until the scheduler takes them
  std::vector<Record> quarantined_;
  Scheduler scheduler_;
  std::size_t to_run_;
  std::size_t failed_ = 0;  ///< of this run, further tries aside
  std::map<std::uint64_t, int> tries_;
  RunWatch watch_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  Progress progress_;
  Transport* transport_ = nullptr;
  Dispatcher* dispatcher_ = nullptr;
  std::string ending_;    ///< why no more trials are begun
  bool gave_up_ = false;  ///< because of failures
  bool disk_failed_ = false;
  bool any_assigned_ = false;
  bool ended_by_time_ = false;
  RunState told_;
};

}  // namespace memscale
