#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "memscale/commands/progress.hpp"
#include "memscale/commands/run_options.hpp"
#include "memscale/commands/run_tally.hpp"
#include "memscale/experiment/job_file.hpp"
#include "memscale/schedule/dispatcher.hpp"
#include "memscale/store/result_store.hpp"

namespace memscale {

/// One `memscale run`, on the process that leads it: a job, a store, and the trials of the one that the other lacks.
class Sweep {
 public:
  /// Reads the job, then opens the store. Throws InputError.
  explicit Sweep(const RunOptions& options);

  /// Runs what is to run on these workers, stores it, and returns the exit status. Once. SIGTERM, SIGINT and SIGHUP end
  /// the process from here, with results synced and status exit_work_left.
  int run(Transport& transport);

 private:
  Sweep(Job job, const RunOptions& options);
  void announce(int workers) const;
  int finish();
  void keep(const Record& record);
  void take_turn(Dispatcher& dispatcher);
  /// Calls `write`; where the disk fails, says so and lets the run end with what is synced.
  template <class Write>
  void try_to(Write&& write);
  void sync_what_is_written();
  /// say, below the progress line.
  void tell(const std::string& text);
  [[noreturn]] void leave_now();

  ResultStore store_;
  RunTally tally_;
  std::size_t trials_;         ///< of the job
  std::vector<Trial> to_run_;  ///< until the queue takes them
  std::size_t to_run_count_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  Progress progress_;
  bool disk_failed_ = false;
};

}  // namespace memscale
