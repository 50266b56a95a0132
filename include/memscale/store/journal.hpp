#pragma once

// The journal: a folder of segments `journal-NNNNNNNN` (eight decimal digits, read in that order). Each process writes
// one of its own, created with O_EXCL at its first record and never opened for writing again. All numbers are
// little-endian. A segment is a row of frames:
//   u32 magic | u32 length of the payload | u64 trial id | u64 XXH3-64 of the 16 bytes before and the payload | payload
// Text is u32 length, bytes. The first frame has the magic "MSHD", id 0 and the payload
//   i64 format version | i64 physics version | every field of JobEntry | text command line
// of which the frame and the two versions will not change. Each other frame has the magic "MSRC" and for its payload a
// record as encode_record writes it: Trial | Result | Trace | recall | Cost | text message, each with its fields in the
// order of for_each_field: i64, f64, enum: i32 code, text; each trace is u32 length, f64 for each step done, and recall
// u32 length, i64 for each bin of rank. The first frame that is cut short, fails its checksum or holds no record ends
// the segment: a process that died, or a machine that lost pages never synced, leaves such a tail. Its trials run
// again. Format 3 has fewer fields; formats 1 and 2 have CRC-32C checksums of four bytes and the magics "MSJH" and
// "MSJR" besides.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "memscale/core/bytes.hpp"
#include "memscale/store/file.hpp"
#include "memscale/store/provenance.hpp"
#include "memscale/store/record_source.hpp"
#include "memscale/store/store_path.hpp"

namespace memscale {

/// Longest payload that is written or believed, in bytes: the traces of a million steps are 64 MB at most.
inline constexpr std::size_t longest_payload = std::size_t{1} << 26;

/// The journal's segments in the order of their numbers; none if the folder is not there.
std::vector<std::filesystem::path> journal_segments(const std::filesystem::path& folder);

/// Removes a journal's segments, for good. Throws std::system_error.
void remove_segments(const StorePath& path);

/// What the first frame of a segment says of the run that wrote it.
struct SegmentHeader {
  std::int64_t format = 0;
  std::int64_t physics = 0;  ///< version of the program
  JobEntry job;
  std::string command_line;
};

/// Encoded records, framed, to be written at once.
class JournalFrames {
 public:
  /// Throws std::length_error beyond longest_payload.
  void add(std::uint64_t id, std::span<const std::byte> payload);
  void clear();  ///< keeps the memory

  std::size_t size() const { return ends_.size(); }
  /// Of the frames first..last.
  std::span<const std::byte> bytes(std::size_t first, std::size_t last) const;
  std::size_t bytes() const { return bytes_.size(); }

 private:
  ByteWriter bytes_;
  std::vector<std::size_t> ends_;  ///< of each frame
};

/// Appends to one segment of its own. One thread calls it; another of its own syncs.
class JournalWriter {
 public:
  /// Where a record stands in the segment.
  struct Place {
    std::uint64_t offset;
    std::uint32_t length;
  };

  /// Creates nothing before the first append; the folder must be there by then.
  JournalWriter(std::filesystem::path folder, JobEntry job, std::string command_line);
  JournalWriter(JournalWriter&&) = default;
  JournalWriter& operator=(JournalWriter&&) = delete;  // a sync at work would lose its segment

  /// What is told of each frame as it is written: its number in the row, and where it stands.
  using Written = std::function<void(std::size_t, Place)>;

  /// Writes the frames, with one call of the system; where the disk does not take all of them, as many as it takes, and
  /// throws std::system_error: the segment then ends with the last one of which `written` was told. What is written
  /// outlives this process; only a sync makes it outlive the machine.
  void append(
      const JournalFrames& frames, const Written& written = [](std::size_t, Place) {});

  /// Records that may follow before sync_if_due has something to do.
  std::uint64_t until_sync() const;
  /// Leaves no 10000 records without a sync, and none for a second: syncs beside the caller from 5000 on. Throws as
  /// sync, also for a sync that an earlier call began.
  void sync_if_due();
  /// fdatasync. Throws std::system_error; the segment is then given up: the kernel may have dropped the pages and would
  /// call the next fdatasync a success. So every later append or sync throws, too.
  void sync();

  /// The segment; empty before the first append.
  const std::filesystem::path& path() const { return path_; }
  std::uint64_t appended() const { return appended_; }
  std::uint64_t synced() const { return synced_; }

 private:
  static constexpr std::uint64_t most_unsynced = 10'000;

  void open_segment();
  void write_frames(const JournalFrames& frames, std::size_t first, std::size_t last, const Written& written);
  void write(std::span<const std::byte> bytes);
  void require_sound() const;
  void begin_sync();
  void end_sync();
  void take_sync(int error);

  std::filesystem::path folder_;
  JobEntry job_;
  std::string command_line_;
  std::filesystem::path path_;
  FileDescriptor segment_;
  std::uint64_t size_ = 0;  ///< bytes of whole frames in the segment
  std::uint64_t appended_ = 0;
  std::uint64_t synced_ = 0;
  std::chrono::steady_clock::time_point oldest_unsynced_;
  std::error_code failure_;       ///< why the segment was given up
  std::future<int> syncing_;      ///< errno of a sync at work
  std::uint64_t syncing_to_ = 0;  ///< records that it makes safe
  std::chrono::steady_clock::time_point sync_began_;
};

class SegmentFile;

/// A segment of any format for reading; it may be growing. Where there are very many, not all stay open: of one that
/// was removed then, scan, unread and read throw std::system_error, no_such_file_or_directory.
class JournalSegment : public RecordFile {
 public:
  /// Reads the first frame. Throws std::system_error; InputError naming `store` for a later format.
  JournalSegment(const std::filesystem::path& segment, std::filesystem::path store);

  /// Nothing if the first frame is not whole.
  const std::optional<SegmentHeader>& header() const { return header_; }

  /// Calls f(entry, with file = 0) for each whole record behind those that an earlier call gave, up to the end of what
  /// can be trusted.
  void scan(const std::function<void(const IndexEntry&)>& f);
  /// Bytes behind the last record that scan gave.
  std::uint64_t unread() const;

  /// Throws InputError also for a record that is not sound or whose parameters have another id.
  Record read(const IndexEntry& entry, RecordParts parts) override;
  std::shared_ptr<RecordFile> twin() const override;

 private:
  struct Frame {
    std::uint64_t id;
    std::span<const std::byte> payload;
    std::uint64_t offset;
    std::uint32_t length;
  };
  std::optional<Frame> next_frame(bool is_header);
  void read_header();
  std::optional<IndexEntry> entry_of(const Frame& frame) const;
  bool has_present_records() const;  ///< or those of an earlier format
  Record decode(std::span<const std::byte> payload) const;
  std::span<const std::byte> window(std::size_t size);

  std::filesystem::path path_, store_;
  std::shared_ptr<const SegmentFile> file_;
  bool legacy_ = false;            ///< frames of formats 1 and 2
  std::vector<std::byte> buffer_;  ///< bytes of the file from buffer_start_
  std::uint64_t buffer_start_ = 0;
  std::uint64_t offset_ = 0;  ///< of the next frame
  std::optional<SegmentHeader> header_;
};

}  // namespace memscale
