#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

#include "memscale/store/file.hpp"

namespace memscale {

/// A sealed file ends with 40 bytes, behind the HDF5 file's own end, where HDF5 ignores them: "MEMSTORE", i64 format
/// version (these 16 will not change in later formats), u64 the number of bytes before the seal, u64 where among them
/// the catalog begins, u64 the XXH3-64 of all bytes before this number. Formats 1 and 2 end with the 24 bytes that
/// legacy_snapshot.hpp names.
struct Seal {
  std::int64_t format = 0;
  std::uint64_t size = 0;
  std::uint64_t catalog = 0;
};

/// A sealed file that has not got its name yet; goes away unless it gets it.
class SealedDraft {
 public:
  /// Writes `content` (HDF5's bytes, whose length becomes Seal::catalog), `catalog` and the seal under a temporary name
  /// beside `path` (O_EXCL), with the permissions of the file at `path` if there is one; syncs them and reads them
  /// back. Throws std::system_error.
  SealedDraft(std::filesystem::path path, std::span<const std::byte> content, std::span<const std::byte> catalog);
  ~SealedDraft();
  SealedDraft(const SealedDraft&) = delete;
  SealedDraft& operator=(const SealedDraft&) = delete;

  /// The temporary name.
  const std::filesystem::path& name() const { return name_; }
  /// Renames it to `path` and syncs the folder. Throws std::system_error; `path` is then what it was, unless only the
  /// folder's sync failed.
  void put_in_place();

 private:
  std::filesystem::path path_, name_;
};

/// The seal of a file that begins as HDF5, of whatever format; cheap, does not read what lies between. Formats 1 and 2
/// are told apart by their content only: 2 stands for both. Throws InputError for a file that is not a memscale store.
Seal read_seal(const FileDescriptor& file, const std::filesystem::path& path);

/// read_seal of a file of the present format or an earlier one with a catalog, all of whose bytes match it. Throws
/// InputError for another.
Seal check_seal(const FileDescriptor& file, const std::filesystem::path& path);

/// Removes temporary files that writers of `path` left when they were killed. Only the holder of the lock may call it.
void remove_leftovers(const std::filesystem::path& path);

}  // namespace memscale
