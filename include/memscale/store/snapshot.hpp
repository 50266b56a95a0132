#pragma once

// The snapshot: an HDF5 file (format of HDF5 1.8, sealed: see sealed_file.hpp) that is only ever replaced whole.
//   /            attributes format, physics (integers), version, job_text
//   /trials      one-dimensional datasets of equal length, sorted by trial id: trial_id (16 hexadecimal digits), every
//                field of Trial and Result; an enum NAME is its name, and NAME_id its code
//   /labels      NAME: the names of the enum NAME in the order of their codes
//   /failures    trial_id, message of the trials whose status is failed, sorted
//   /traces      every field of Trace: two-dimensional, a row for each of /trials, a column for each step up to the
//   most
//                steps_done; NaN behind a trial's own. Attribute dims = "trial,step"
//   /recall      rank_lo, rank_hi: first and last rank of each bin, for the largest items of all trials; recovered
//                (i32): a row for each of /trials, a column for each bin, -1 in bins that a trial does not have.
//                Attribute dims = "trial,bin". A trial's own last bin ends at its items
//   /cost        every field of Cost, rows as in /trials, attributes `unit`; attribute command_line
// Texts have a fixed length and are padded with NUL; integers are i64 (codes i32), reals f64, all little-endian, NaN
// for what was not measured. Two-dimensional datasets are compressed (shuffle, deflate) in chunks, of which those
// without a step of any trial are left out. What differs between two runs of one job stands in /cost alone: the rest is
// equal byte for byte for equal records.

#include <filesystem>
#include <vector>

#include "memscale/experiment/result.hpp"
#include "memscale/store/file.hpp"
#include "memscale/store/result_store.hpp"

namespace memscale {

/// Replaces the snapshot at `path` (absolute), in any order of `records`, which are storable and one a trial, with one
/// that was parsed again and compared. Throws
/// std::system_error or Hdf5Error; the file is then what it was.
void write_snapshot(const std::filesystem::path& path, const Provenance& provenance, std::vector<Record> records);

/// Reads an open snapshot. Throws std::system_error; InputError for a file that is not a memscale store, is of another
/// version, or is damaged: wrong checksum, missing or unequal columns, ids that are not their parameters'.
StoreContents read_snapshot(const FileDescriptor& file, const std::filesystem::path& path);

}  // namespace memscale
