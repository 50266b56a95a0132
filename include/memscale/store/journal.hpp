#pragma once

// The journal: a folder of segments `journal-NNNNNNNN` (eight decimal digits, read in that order). Each process writes
// one of its own, created with O_EXCL at its first record and never opened for writing again. All numbers are
// little-endian. A segment is a row of frames:
//   u32 magic | u32 length of the payload | u64 trial id | u32 CRC-32C of the 16 bytes before and the payload | payload
// Text is u32 length, bytes. The first frame has the magic "MSJH", id 0 and the payload
//   i64 format version | i64 physics version | text memscale's version | text job file | text command line
// of which the frame and the two versions never change. Each other frame has the magic "MSJR" and the payload
//   Trial | Result | Trace | recall | Cost | text message
// each with its fields in the order of for_each_field: i64, f64, enum: i32 code, text; each trace is u32 length, f64
// for each step done, and recall u32 length, i64 for each bin of rank. The first frame that is cut short, fails its
// CRC, does not fit its id or holds no sound record ends the segment: a process that died, or a machine that lost pages
// never synced, leaves such a tail. Its trials run again.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <system_error>
#include <vector>

#include "memscale/experiment/result.hpp"
#include "memscale/store/file.hpp"
#include "memscale/store/result_store.hpp"

namespace memscale {

/// Longest payload that is written or believed, in bytes: the traces of a million steps are 40 MB.
inline constexpr std::size_t longest_payload = std::size_t{1} << 26;

/// The journal's segments in the order of their numbers; none if the folder is not there.
std::vector<std::filesystem::path> journal_segments(const std::filesystem::path& folder);

/// Appends to one segment of its own. One thread.
class JournalWriter {
 public:
  /// Creates nothing before the first append; the folder must be there by then.
  JournalWriter(std::filesystem::path folder, Provenance provenance);

  /// Writes the record, after which it outlives this process; only a sync makes it outlive the machine. Throws
  /// std::system_error, and then the segment is as it was before.
  void append(std::uint64_t id, const Record& record);

  /// Syncs when 1000 records or one second have passed since the first record not synced.
  void sync_if_due();
  /// fdatasync. Throws std::system_error; the segment is then given up: the kernel may have dropped the pages and would
  /// call the next fdatasync a success. So every later append or sync throws, too.
  void sync();

  std::uint64_t appended() const { return appended_; }
  std::uint64_t synced() const { return synced_; }

 private:
  void open_segment();
  void write(std::span<const std::byte> frame);
  void require_sound() const;

  std::filesystem::path folder_;
  Provenance provenance_;
  std::filesystem::path path_;
  FileDescriptor segment_;
  std::uint64_t size_ = 0;  ///< bytes of whole frames in the segment
  std::uint64_t appended_ = 0;
  std::uint64_t synced_ = 0;
  std::chrono::steady_clock::time_point oldest_unsynced_;
  std::error_code failure_;  ///< why the segment was given up
};

/// Reads a segment, which may be growing.
class JournalReader {
 public:
  /// Reads the first frame. Throws std::system_error; InputError naming `store` for other versions.
  JournalReader(const std::filesystem::path& segment, const std::filesystem::path& store);

  /// Of the run that wrote the segment; nothing if its first frame is not whole.
  const std::optional<Provenance>& provenance() const { return provenance_; }

  /// The next whole record; nothing at the end of the segment or of what can be trusted in it.
  std::optional<Record> next();

  /// Bytes past the last frame returned.
  std::uint64_t unread() const;

 private:
  struct Frame {
    std::uint64_t id;
    std::vector<std::byte> payload;
  };
  std::optional<Frame> next_frame(std::uint32_t magic);
  void read_header(const std::filesystem::path& store);
  std::span<const std::byte> window(std::size_t size);

  std::filesystem::path path_;
  FileDescriptor file_;
  std::vector<std::byte> buffer_;  ///< bytes of the file from buffer_start_
  std::uint64_t buffer_start_ = 0;
  std::uint64_t offset_ = 0;  ///< of the next frame
  std::optional<Provenance> provenance_;
};

}  // namespace memscale
