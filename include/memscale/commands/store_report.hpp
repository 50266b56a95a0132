#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "memscale/experiment/result.hpp"
#include "memscale/store/run_state.hpp"
#include "memscale/store/store_lock.hpp"

namespace memscale {

/// What there is to say of a store, as it is at one moment.
struct StoreReport {
  std::int64_t format = 0;  ///< 0: a run has begun and written nothing yet
  std::string job;          ///< the last run's job file, without its folder; empty: not known
  std::size_t jobs = 0;
  std::array<std::size_t, EnumNames<TrialStatus>::names.size()> trials{};  ///< by status
  std::optional<std::size_t> pending;  ///< of the jobs' trials; nothing where a job's are not known
  std::vector<std::string> problems;   ///< see JobTrials

  StoreUse use = StoreUse::idle;
  std::optional<LockHolder> holder;  ///< the last one
  std::optional<RunState> state;     ///< what the run at work, or the last one, said of itself

  std::optional<double> last_result;    ///< seconds since 1970, by the clock of the machine that ran it
  std::optional<double> snapshot_made;  ///< seconds since 1970
  std::uint64_t snapshot_bytes = 0;
  std::size_t segments = 0;  ///< of the journal
  std::uint64_t journal_bytes = 0;
  std::size_t journal_trials = 0;  ///< that the snapshot does not hold

  struct Failure {
    std::string message;
    std::size_t count = 0;
    std::uint64_t first = 0;  ///< the lowest id of such a trial
  };
  std::vector<Failure> failures;  ///< the most frequent first, 1000 messages at most

  struct FailedTrial {
    std::uint64_t id = 0;
    std::string message;
    std::string parameters;  ///< see fields_text
  };
  std::vector<FailedTrial> failed_trials;  ///< ascending by id; none unless they were asked for

  std::vector<std::string>
      notes;  ///< see StoreView; none while a run is at work, for it may be in the middle of a write
};

enum class FailedTrials { counted, listed };

/// Reads a store, without a lock of any kind and without writing. Throws InputError as open_store does.
StoreReport report_on(const std::filesystem::path& store, FailedTrials failed = FailedTrials::counted);

/// What is known of the run at work or, without one, of the last.
enum class RunPhase {
  none,  ///< none since the store was complete
  at_work,
  silent,   ///< it holds the lock, but says nothing any more: stopped, or its host or network is
  perhaps,  ///< this system cannot tell whether it is at work
  died,     ///< it is gone and did not say why
  ended,    ///< it is gone, and said why work is left
};

template <>
struct EnumNames<RunPhase> {
  static constexpr std::array<std::string_view, 6> names{"none", "at-work", "silent", "perhaps-at-work",
                                                         "died", "ended"};
};

/// `now` in seconds since 1970.
RunPhase phase_of(const StoreReport& report, double now);

/// How many trials a report knows of, by how they stand.
struct TrialCounts {
  std::size_t total = 0, running = 0;
  std::optional<std::size_t> pending;  ///< the running ones not among them; nothing: not known
};
TrialCounts counts_of(const StoreReport& report, double now);

/// Exit status for a script that goes on with the results: exit_done where all trials are there and none has failed,
/// exit_failures where some have, exit_work_left otherwise, also where results are still in a journal.
int check_status(const StoreReport& report);

/// A few lines, each "name: ...": store, trials, run, last result, snapshot, journal, and those that apply of failed
/// and unknown. `now` in seconds since 1970. Scripts may rely on the names.
std::string report_text(const StoreReport& report, const std::string& store, double now);

}  // namespace memscale
