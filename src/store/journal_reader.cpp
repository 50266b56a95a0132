#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "journal_frame.hpp"
#include "memscale/core/bytes.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/record_bytes.hpp"
#include "memscale/store/journal.hpp"
#include "memscale/store/legacy_snapshot.hpp"
#include "memscale/store/result_store.hpp"
#include "memscale/store/store_path.hpp"
#include "segment_file.hpp"

namespace memscale {

JournalSegment::JournalSegment(const std::filesystem::path& segment, std::filesystem::path store)
    : path_(segment), store_(std::move(store)), file_(std::make_shared<const SegmentFile>(segment)) {
  read_header();
}

void JournalSegment::read_header() {
  const auto start = window(sizeof(std::uint32_t));
  std::uint32_t magic = 0;
  if (start.size() == sizeof magic) std::memcpy(&magic, start.data(), sizeof magic);
  legacy_ = magic == legacy_frames.header_magic;
  const auto frame = next_frame(true);
  if (!frame) return;
  ByteReader in(frame->payload);
  SegmentHeader header;
  try {
    in.get(header.format);
    in.get(header.physics);
    require_known_format(store_, header.format);
    if (legacy_ != (header.format < first_format_with_catalog))
      throw damaged_store(store_, path_.filename().string() + " is of another format than its frames");
    if (legacy_) {
      header.job.physics = header.physics;
      in.get(header.job.version);
      in.get(header.job.text);
    } else {
      header.job = memscale::decode<JobEntry>(in);
    }
    in.get(header.command_line);
  } catch (const std::out_of_range&) {
    throw damaged_store(store_, "the first record of " + path_.filename().string() + " is cut short");
  }
  header_ = std::move(header);
}

void JournalSegment::scan(const std::function<void(const IndexEntry&)>& f) {
  if (!header_) return;
  while (const auto frame = next_frame(false)) {
    const auto entry = entry_of(*frame);
    if (!entry) {  // whole, but of no use: as good as torn
      offset_ = frame->offset;
      break;
    }
    f(*entry);
  }
  buffer_ = {};  // of each of very many segments it would be much
}

std::optional<IndexEntry> JournalSegment::entry_of(const Frame& frame) const {
  try {
    IndexEntry entry;
    if (has_present_records()) {
      entry = index_entry(frame.id, summarize_record(frame.payload));
    } else {
      entry = index_entry(decode(frame.payload), 0);
      if (entry.id != frame.id) return std::nullopt;
    }
    entry.offset = frame.offset;
    entry.length = frame.length;
    return entry;
  } catch (const std::out_of_range&) {
    return std::nullopt;
  }
}

bool JournalSegment::has_present_records() const {
  return header_->format == store_format_version;
}

Record JournalSegment::decode(std::span<const std::byte> payload) const {
  return has_present_records() ? decode_record(payload)
                               : decode_legacy_record(payload, header_->format, header_->physics);
}

std::optional<JournalSegment::Frame> JournalSegment::next_frame(bool is_header) {
  const FrameLayout& layout = legacy_ ? legacy_frames : present_frames;
  const auto head = window(layout.head_size);
  if (head.size() < layout.head_size) return std::nullopt;
  FrameStart start;
  std::memcpy(&start, head.data(), sizeof start);
  std::uint64_t checksum = 0;
  std::memcpy(&checksum, head.data() + sizeof start, layout.head_size - sizeof start);
  if (start.magic != (is_header ? layout.header_magic : layout.record_magic) || start.length > longest_payload)
    return std::nullopt;
  const std::size_t size = layout.head_size + start.length;
  const auto whole = window(size);
  if (whole.size() < size) return std::nullopt;
  const auto payload = whole.subspan(layout.head_size);
  if (frame_checksum(legacy_, start, payload) != checksum) return std::nullopt;
  const std::uint64_t offset = offset_;
  offset_ += size;
  return Frame{start.id, payload, offset, static_cast<std::uint32_t>(size)};
}

/// The `size` bytes at offset_, fewer where the file ends.
std::span<const std::byte> JournalSegment::window(std::size_t size) {
  constexpr std::size_t chunk = std::size_t{1} << 20;
  if (offset_ < buffer_start_ || offset_ + size > buffer_start_ + buffer_.size()) {
    // No more than the file holds: a length that is none must not cost memory.
    buffer_.resize(std::min<std::uint64_t>(std::max(size, chunk), unread()));
    buffer_start_ = offset_;
    buffer_.resize(read_at(*file_->open(), offset_, buffer_, path_));
  }
  return std::span(buffer_)
      .subspan(offset_ - buffer_start_)
      .first(std::min<std::size_t>(size, buffer_start_ + buffer_.size() - offset_));
}

std::uint64_t JournalSegment::unread() const {
  struct stat status {};
  if (::fstat(file_->open()->get(), &status) != 0) throw_system_error(errno, "fstat", path_);
  const auto size = static_cast<std::uint64_t>(status.st_size);
  return size > offset_ ? size - offset_ : 0;
}

Record JournalSegment::read(const IndexEntry& entry, RecordParts parts) {
  const auto damaged = [&](const std::string& why) {
    return damaged_store(store_, "trial " + to_hex(entry.id) + " in " + path_.filename().string() + ": " + why);
  };
  const FrameLayout& layout = legacy_ ? legacy_frames : present_frames;
  buffer_start_ = entry.offset;  // scan would have to read its next window anew
  buffer_.resize(entry.length);
  if (entry.length < layout.head_size || read_at(*file_->open(), entry.offset, buffer_, path_) != entry.length)
    throw damaged("it was cut off");
  FrameStart start;
  std::uint64_t checksum = 0;
  std::memcpy(&start, buffer_.data(), sizeof start);
  std::memcpy(&checksum, buffer_.data() + sizeof start, layout.head_size - sizeof start);
  const auto payload = std::span<const std::byte>(buffer_).subspan(layout.head_size);
  if (frame_checksum(legacy_, start, payload) != checksum) throw damaged("its bytes do not match their checksum");
  try {
    Record record = decode(payload);
    if (start.id != entry.id || trial_id(record.trial) != entry.id) throw damaged("its parameters have another id");
    if (!parts.trace) record.trace = Trace();
    if (!parts.recall) record.recall.clear();
    if (!parts.cost) record.cost = Cost();
    return record;
  } catch (const std::out_of_range& error) {
    throw damaged(error.what());
  }
}

std::shared_ptr<RecordFile> JournalSegment::twin() const {
  return std::make_shared<JournalSegment>(*this);
}

}  // namespace memscale
