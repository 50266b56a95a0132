#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "journal_frame.hpp"
#include "memscale/core/bytes.hpp"
#include "memscale/experiment/record_bytes.hpp"
#include "memscale/store/journal.hpp"
#include "memscale/store/store_path.hpp"

namespace memscale {

JournalReader::JournalReader(const std::filesystem::path& segment, const std::filesystem::path& store)
    : path_(segment), file_(open_file(segment, O_RDONLY)) {
  read_header(store);
}

void JournalReader::read_header(const std::filesystem::path& store) {
  const auto frame = next_frame(header_magic);
  if (!frame) return;
  ByteReader in(frame->payload);
  std::int64_t format = 0, physics = 0;
  Provenance provenance;
  try {
    in.get(format);
    in.get(physics);
    require_versions(store, format, physics);
    in.get(provenance.version);
    in.get(provenance.job_text);
    in.get(provenance.command_line);
  } catch (const std::out_of_range&) {
    throw damaged_store(store, "the first record of " + path_.filename().string() + " is cut short");
  }
  provenance_ = std::move(provenance);
}

std::optional<Record> JournalReader::next() {
  if (!provenance_) return std::nullopt;
  const std::uint64_t start = offset_;
  const auto frame = next_frame(record_magic);
  if (!frame) return std::nullopt;
  try {
    Record record = decode_record(frame->payload);
    if (trial_id(record.trial) == frame->id) return record;
  } catch (const std::out_of_range&) {
    // Whole, but of no use: as good as torn.
  }
  offset_ = start;
  return std::nullopt;
}

std::optional<JournalReader::Frame> JournalReader::next_frame(std::uint32_t magic) {
  const auto head_bytes = window(FrameHead::size);
  if (head_bytes.size() < FrameHead::size) return std::nullopt;
  ByteReader in(head_bytes);
  const auto head = decode<FrameHead>(in);
  if (head.magic != magic || head.length > longest_payload) return std::nullopt;
  const auto whole = window(FrameHead::size + head.length);
  if (whole.size() < FrameHead::size + head.length) return std::nullopt;
  const auto payload = whole.subspan(FrameHead::size);
  if (frame_crc(head, payload) != head.crc) return std::nullopt;
  offset_ += whole.size();
  return Frame{head.id, {payload.begin(), payload.end()}};
}

/// The `size` bytes at offset_, fewer where the file ends.
std::span<const std::byte> JournalReader::window(std::size_t size) {
  constexpr std::size_t chunk = std::size_t{1} << 20;
  if (offset_ < buffer_start_ || offset_ + size > buffer_start_ + buffer_.size()) {
    buffer_.resize(std::max(size, chunk));
    buffer_start_ = offset_;
    buffer_.resize(read_at(file_, offset_, buffer_, path_));
  }
  return std::span(buffer_)
      .subspan(offset_ - buffer_start_)
      .first(std::min<std::size_t>(size, buffer_start_ + buffer_.size() - offset_));
}

std::uint64_t JournalReader::unread() const {
  struct stat status {};
  if (::fstat(file_.get(), &status) != 0) throw_system_error(errno, "fstat", path_);
  const auto size = static_cast<std::uint64_t>(status.st_size);
  return size > offset_ ? size - offset_ : 0;
}

}  // namespace memscale
