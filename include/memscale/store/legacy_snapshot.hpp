#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "memscale/experiment/result.hpp"
#include "memscale/store/file.hpp"
#include "memscale/store/provenance.hpp"

namespace memscale {

/// What earlier versions of memscale wrote, for reading only. Snapshots of formats 1 and 2 have no catalog, so HDF5
/// reads them: in a child process with bounded memory and time, for it can crash on a file that was made to harm. Not
/// for a process that has started MPI.

struct LegacySnapshot {
  std::int64_t format = 0;
  Provenance provenance;
  std::vector<Record> records;  ///< Trial::physics says which physics version computed each; sorted by id
};

/// Reads a snapshot of format 1 or 2: sealed by 24 bytes, "MEMSCALE", u64 the number of bytes before the seal, u32
/// their CRC-32C, u32 zero. Throws std::system_error; InputError for a damaged file or another format.
LegacySnapshot read_legacy_snapshot(const FileDescriptor& file, const std::filesystem::path& path);

/// A record of a journal of format 1, 2 or 3, from its frame's payload; `physics` is the version that wrote the
/// journal. Throws std::out_of_range where it is not sound.
Record decode_legacy_record(std::span<const std::byte> payload, std::int64_t format, std::int64_t physics);

}  // namespace memscale
