#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "memscale/experiment/result.hpp"
#include "memscale/store/store_lock.hpp"

namespace memscale {

/// What there is to say of a store, as it is at one moment.
struct StoreReport {
  std::int64_t format = 0;  ///< 0: a run has begun and written nothing yet
  std::size_t jobs = 0;
  std::array<std::size_t, EnumNames<TrialStatus>::names.size()> trials{};  ///< by status
  std::optional<std::size_t> pending;  ///< of the jobs' trials; nothing where a job's are not known
  std::vector<std::string> problems;   ///< see JobTrials

  StoreUse use = StoreUse::idle;
  std::optional<LockHolder> holder;  ///< the last one

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
  std::vector<std::string>
      notes;  ///< see StoreView; none while a run is at work, for it may be in the middle of a write
};

/// Reads a store, without a lock of any kind and without writing. Throws InputError as open_store does.
StoreReport report_on(const std::filesystem::path& store);

/// A few lines, each "name: ...": store, trials, run, last result, snapshot, journal, and those that apply of failed
/// and unknown. `now` in seconds since 1970. Scripts may rely on the names.
std::string report_text(const StoreReport& report, const std::string& store, double now);

}  // namespace memscale
