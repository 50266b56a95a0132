#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "memscale/experiment/result.hpp"
#include "memscale/store/provenance.hpp"
#include "memscale/store/record_source.hpp"

namespace memscale {

/// Raised with every change of the store's layout. Those before it can be read: 1 and 2 see legacy_snapshot.hpp, and
/// from first_format_with_catalog on as the present one, with fewer fields.
inline constexpr std::int64_t store_format_version = 4;
inline constexpr std::int64_t first_format_with_catalog = 3;

/// Who writes to a store.
struct Writer {
  JobEntry job;
  std::string command_line;
  bool force = false;  ///< also where the job changes what the store's jobs fixed
};

/// Whether every trial of a run's job has been run.
enum class Work { done, left };

/// The writer's side of a store: an HDF5 snapshot `path`, and `path`.journal/ while there are results that it does not
/// hold. One process, one thread; threads of its own write snapshots and sync the journal meanwhile. A result is safe
/// once a sync that followed its append has returned. Keeps in memory where records stand, not what they hold: 100
/// bytes a trial.
class ResultStore {
 public:
  /// Opens or prepares the store at `path`; takes the lock. Creates no file but the journal's folder and lock. Throws
  /// InputError for a path that is not a memscale store, cannot be written, is of another format or in use by another
  /// run; a job text beyond 60000 bytes; a job that differs (see job_differences) unless `force`.
  ResultStore(const std::filesystem::path& path, Writer writer);
  ~ResultStore();
  ResultStore(ResultStore&&) noexcept;
  ResultStore& operator=(ResultStore&&) noexcept;

  /// Trials held: earlier runs' and those appended.
  std::size_t size() const;
  /// How the trial ended; nothing if it is not held.
  std::optional<TrialStatus> status_of(std::uint64_t trial_id) const;
  /// What is held of the trial; nothing if it is not held. Throws InputError for a damaged store.
  std::optional<Record> find(std::uint64_t trial_id) const;
  /// What is held of these trials, in no order that means anything. Throws as find does, and std::system_error.
  std::vector<Record> find_all(std::span<const std::uint64_t> trial_ids, RecordParts parts) const;
  /// Whether a finished result (ok or diverged; a failed one is to be run again) of this trial is held.
  bool has_result(std::uint64_t trial_id) const;

  /// Writes the records to the journal; synced at least every second or 10000 records, by this or later calls of append
  /// or sync_if_due. Throws std::system_error where the disk is full or fails: nothing that was synced is lost;
  /// std::runtime_error for a second result of a trial that differs from the first, and std::out_of_range for a record
  /// that could not be read back (see require_sound). The records before the one that it cannot keep are kept.
  void append(std::span<const Record> records);
  void append(const Record& record) { append(std::span(&record, 1)); }
  void sync_if_due();
  void sync();
  /// Records appended (by this process) that are safe on disk.
  std::uint64_t synced() const;

  /// Begins to replace the snapshot, on another thread, if it is older than 30 s and 20 x its own cost. A failure is a
  /// warning on stderr, by a later call.
  void snapshot_if_due();
  /// The end of a run: writes the snapshot, reads it back and compares, then removes the journal, and the checkpoints
  /// that no later run wants: all, or where work is left, those of the trials that have a result. Throws
  /// std::runtime_error if it cannot; the journal then stays.
  void finish(Work work = Work::done);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace memscale
