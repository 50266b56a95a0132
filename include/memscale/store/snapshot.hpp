#pragma once

// The snapshot: an HDF5 file (format of HDF5 1.8) that is only ever replaced whole, with a catalog of its chunks and a
// seal behind it (catalog.hpp, sealed_file.hpp). docs/store-format.md describes it byte by byte.
//   /            attributes format, physics (integers, of this writer), version and job_text of the last job
//   /trials      one-dimensional datasets of equal length, sorted by trial id: trial_id (16 hexadecimal digits), digest
//                (the same, outcome_digest), every field of Trial and Result; an enum NAME is its name, NAME_id its
//                code
//   /labels      NAME: the names of the enum NAME in the order of their codes
//   /failures    trial_id, message of the trials whose status is failed, sorted
//   /traces      every field of Trace: two-dimensional, a row for each of /trials, a column for each step up to the
//                most steps_done; NaN behind a trial's own. Attribute dims = "trial,step". Of group_loss a column for
//                each number of the longest; dims = "trial,entry"
//   /recall      rank_lo, rank_hi: first and last rank of each bin, for the largest items of all trials; recovered
//                (i32): a row for each of /trials, a column for each bin, -1 in bins that a trial does not have.
//                Attribute dims = "trial,bin". A trial's own last bin ends at its items
//   /jobs        every field of JobEntry, a row for each job that wrote, in the order in which they first did
//   /cost        every field of Cost, rows as in /trials, attributes `unit`; attribute command_line
// Texts have a fixed length and are padded with NUL; integers are i64 (codes i32), reals f64, all little-endian, NaN
// for what was not measured. What differs between two runs of one job stands in /cost alone: the rest is equal byte for
// byte for equal records. People read it with HDF5; memscale itself by the catalog, without HDF5, which can crash on a
// file that was made to harm.

#include <filesystem>
#include <memory>
#include <vector>

#include "memscale/store/file.hpp"
#include "memscale/store/provenance.hpp"
#include "memscale/store/record_source.hpp"

namespace memscale {

/// Which records of a new snapshot are decoded and compared with their source before it takes the old one's place: all,
/// or those that only the old one holds, where a journal keeps the others.
enum class Verify { all, only_copies };

/// Replaces the snapshot at `path` (absolute) with one of these records, which are storable. Takes memory for the file
/// it makes. Its bytes are read back before the rename, its records verified. Throws std::system_error, Hdf5Error or
/// what verify_snapshot throws; the file is then what it was. Calls HDF5: not while another thread does.
void write_snapshot(const std::filesystem::path& path, const Provenance& provenance, const RecordSource& source,
                    Verify verify = Verify::all);

/// A snapshot of this format, or of an earlier one with a catalog, open for reading.
class SnapshotFile : public RecordFile {
 public:
  /// Checks the seal over all bytes and reads the catalog. Throws std::system_error; InputError for a file that is not
  /// a memscale store, is of another format, or is damaged.
  SnapshotFile(FileDescriptor file, std::filesystem::path path);
  ~SnapshotFile() override;

  const Provenance& provenance() const;
  /// One entry a row, with file = 0, ascending by id. Throws InputError for ids out of order, unknown codes or counts
  /// that cannot be.
  std::vector<IndexEntry> entries();

  /// Throws InputError also where the row's parameters have another id, its outcome another digest (where trace and
  /// recall are asked for), or it is not sound.
  Record read(const IndexEntry& entry, RecordParts parts) override;
  std::shared_ptr<RecordFile> twin() const override;

 private:
  struct State;
  explicit SnapshotFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Reads the records of the file at `path` again and compares them with their source, all bits; of others than asked
/// for the ids. Throws std::runtime_error naming the first that differs, and what SnapshotFile throws.
void verify_snapshot(const std::filesystem::path& path, const RecordSource& source, Verify verify = Verify::all);

}  // namespace memscale
