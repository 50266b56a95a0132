#pragma once

// A checkpoint's file: the bytes that were saved, then a seal of 40 bytes, little-endian:
//   "MEMSCKPT" | i64 format (1) | u64 trial id | u64 number of the bytes before the seal | u64 XXH3-64 of all before

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "memscale/experiment/trial_control.hpp"
#include "memscale/store/store_path.hpp"

namespace memscale {

/// Checkpoints in files, `checkpoints/ID` (16 hexadecimal digits) in the journal's folder of a store, one a trial,
/// which only ever appear whole. Any process that sees the folder may use it, each trial's file one process at a time.
class CheckpointFolder : public Checkpoints {
 public:
  /// Creates nothing before the first save; the journal's folder must be there by then.
  explicit CheckpointFolder(const StorePath& store);

  /// Nothing for a file that is not there, cannot be read, is damaged or another trial's or format's.
  std::optional<std::vector<std::byte>> load(std::uint64_t trial_id) override;
  /// The file lasts when it returns: written beside its name, synced, renamed. Throws std::system_error; the one before
  /// is there then, or this one.
  void save(std::uint64_t trial_id, std::span<const std::byte> bytes) override;

  /// Removes the trial's file; one that is not there is fine. Throws std::system_error.
  void remove(std::uint64_t trial_id);
  /// The trials that have a file, ascending. Throws std::system_error.
  std::vector<std::uint64_t> ids() const;
  /// Removes what killed processes left of files that they did not finish. Throws std::system_error.
  void remove_leftovers();
  /// Removes the whole folder but for files of other names. Throws std::system_error.
  void remove_all();

 private:
  std::filesystem::path file_of(std::uint64_t trial_id) const;
  std::filesystem::path folder_;
};

}  // namespace memscale
