#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "memscale/experiment/result.hpp"

namespace memscale {

/// Raised with every change of the store's layout.
inline constexpr std::int64_t store_format_version = 2;

/// Where a store came from: attributes of the snapshot's root.
struct Provenance {
  std::string version;       ///< memscale's
  std::string job_text;      ///< the last run's job file
  std::string command_line;  ///< the last run's
};

struct StoreContents {
  Provenance provenance;
  std::vector<Record> records;     ///< sorted by trial id; one a trial
  std::vector<std::string> notes;  ///< one line a journal segment that does not end with a whole record
};

/// Everything a store holds: snapshot and journal together. Safe while a run is writing. Throws InputError for a path
/// that is not a memscale store, one of another format or physics version, or a damaged snapshot.
StoreContents read_store(const std::filesystem::path& path);

/// The writer's side of a store: an HDF5 snapshot `path`, and `path`.journal/ while there are results that it does not
/// hold. One process, one thread. A result is safe once a sync that followed its append has returned.
class ResultStore {
 public:
  /// Opens or prepares the store at `path`; takes the lock. Creates no file but the journal's folder and lock. Throws
  /// InputError for a path that is not a memscale store, cannot be written, is of another version or is in use by
  /// another run; or a job text beyond 60000 bytes.
  ResultStore(std::filesystem::path path, Provenance provenance);
  ~ResultStore();
  ResultStore(ResultStore&&) noexcept;
  ResultStore& operator=(ResultStore&&) noexcept;

  /// All records known so far: earlier runs' and those appended.
  const std::vector<Record>& records() const;
  /// Whether a finished result (ok or diverged; a failed one is to be run again) of this trial is held.
  bool has_result(std::uint64_t trial_id) const;

  /// Writes the record to the journal; synced at least every second or 1000 records, by later calls of append or
  /// sync_if_due. Throws std::system_error where the disk is full or fails: nothing that was synced is lost;
  /// std::runtime_error for a second result of a trial that differs from the first, and std::out_of_range for a record
  /// that could not be read back (see require_sound).
  void append(const Record& record);
  void sync_if_due();
  void sync();
  /// Records appended (by this process) that are safe on disk.
  std::uint64_t synced() const;

  /// Replaces the snapshot if it is older than 30 s and 20 x its own cost; a failure is a warning on stderr.
  void snapshot_if_due();
  /// The end of a complete run: writes the snapshot, reads it back and compares, then removes the journal. Throws
  /// std::runtime_error if it cannot; the journal then stays.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace memscale
