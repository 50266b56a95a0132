#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>

#include "journal_frame.hpp"
#include "memscale/core/bytes.hpp"
#include "memscale/core/text.hpp"
#include "memscale/store/journal.hpp"
#include "memscale/store/result_store.hpp"

namespace memscale {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view prefix = "journal-";
constexpr std::size_t digits = 8;
constexpr std::uint64_t last_number = 99'999'999;

/// The number in a segment's name; nothing for another name.
std::optional<std::uint64_t> segment_number(const std::string& name) {
  if (name.size() != prefix.size() + digits || !name.starts_with(prefix)) return std::nullopt;
  std::uint64_t number = 0;
  const char* end = name.data() + name.size();
  const auto parsed = std::from_chars(name.data() + prefix.size(), end, number);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
  return number;
}

std::string segment_name(std::uint64_t number) {
  const std::string text = to_text(number);
  return std::string(prefix) + std::string(digits - text.size(), '0') + text;
}

std::vector<std::byte> header_payload(const JobEntry& job, const std::string& command_line) {
  ByteWriter out;
  out.put(store_format_version);
  out.put(physics_version);
  encode(out, job);
  out.put(command_line);
  return std::move(out).bytes();
}

}  // namespace

std::vector<fs::path> journal_segments(const fs::path& folder) {
  std::vector<fs::path> segments;
  std::error_code error;
  // A folder that a finishing run removes under our eyes counts as one that is not there.
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    // A pipe of that name would be waited for.
    if (std::error_code gone; segment_number(entry->path().filename().string()) && entry->is_regular_file(gone))
      segments.push_back(entry->path());
  if (error && error != std::errc::no_such_file_or_directory) throw_system_error(error.value(), "read", folder);
  std::sort(segments.begin(), segments.end());
  return segments;
}

void remove_segments(const StorePath& path) {
  std::vector<fs::path> segments = journal_segments(path.journal);
  // The last first: a failure that an earlier segment tells of must not outlive a later one's.
  for (auto segment = segments.rbegin(); segment != segments.rend(); ++segment) remove_file(*segment);
  if (!segments.empty()) sync_folder(path.journal);
}

JournalWriter::JournalWriter(fs::path folder, JobEntry job, std::string command_line)
    : folder_(std::move(folder)), job_(std::move(job)), command_line_(std::move(command_line)) {}

void JournalWriter::require_sound() const {
  if (failure_) throw std::system_error(failure_, "journal " + path_.string() + " was given up");
}

void JournalFrames::add(std::uint64_t id, std::span<const std::byte> payload) {
  add_frame(bytes_, present_frames.record_magic, id, payload);
  ends_.push_back(bytes_.size());
}

void JournalFrames::clear() {
  bytes_.cut(0);
  ends_.clear();
}

std::span<const std::byte> JournalFrames::bytes(std::size_t first, std::size_t last) const {
  return std::span(bytes_.bytes()).first(ends_[last]).subspan(first == 0 ? 0 : ends_[first - 1]);
}

void JournalWriter::append(const JournalFrames& frames, const Written& written) {
  if (frames.size() == 0) return;
  require_sound();
  if (!segment_) open_segment();
  try {
    write_frames(frames, 0, frames.size() - 1, written);
  } catch (const std::system_error&) {
    if (failure_ || frames.size() == 1) throw;
    // What the disk still takes is not lost.
    for (std::size_t i = 0; i < frames.size(); ++i) write_frames(frames, i, i, written);
  }
}

void JournalWriter::write_frames(const JournalFrames& frames, std::size_t first, std::size_t last,
                                 const Written& written) {
  std::uint64_t offset = size_;
  write(frames.bytes(first, last));
  if (appended_ == synced_) oldest_unsynced_ = std::chrono::steady_clock::now();
  for (std::size_t i = first; i <= last; ++i) {
    const auto length = static_cast<std::uint32_t>(frames.bytes(i, i).size());
    ++appended_;
    written(i, {offset, length});
    offset += length;
  }
}

void JournalWriter::open_segment() {
  ByteWriter frame;
  add_frame(frame, present_frames.header_magic, 0, header_payload(job_, command_line_));
  const auto segments = journal_segments(folder_);
  const std::uint64_t number = segments.empty() ? 1 : *segment_number(segments.back().filename().string()) + 1;
  if (number > last_number) throw_system_error(EOVERFLOW, "number a new segment in", folder_);
  const fs::path name = folder_ / segment_name(number);
  // O_APPEND: after a truncation the next write begins at the new end.
  segment_ = open_file(name, O_WRONLY | O_CREAT | O_EXCL | O_APPEND);
  path_ = name;
  try {
    size_ = 0;
    write(frame.bytes());
    sync_folder(folder_);
  } catch (const std::system_error&) {
    segment_ = FileDescriptor();
    ::unlink(path_.c_str());  // an empty segment that stays does no harm
    path_.clear();
    throw;
  }
}

void JournalWriter::write(std::span<const std::byte> bytes) {
  try {
    write_all(segment_, bytes, path_);
  } catch (const std::system_error& error) {
    // A record behind a torn one would never be read.
    if (::ftruncate(segment_.get(), static_cast<off_t>(size_)) != 0) failure_ = error.code();
    throw;
  }
  size_ += bytes.size();
}

std::uint64_t JournalWriter::until_sync() const {
  const std::uint64_t most = syncing_.valid() ? most_unsynced : most_unsynced / 2;
  return most - std::min(most, appended_ - synced_);
}

void JournalWriter::sync_if_due() {
  constexpr std::chrono::seconds longest_unsynced{1};
  if (syncing_.valid() && syncing_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) end_sync();
  if (appended_ == synced_) return;
  if (std::chrono::steady_clock::now() - oldest_unsynced_ >= longest_unsynced) return sync();
  if (syncing_.valid()) {
    if (appended_ - synced_ >= most_unsynced) end_sync();
  } else if (appended_ - synced_ >= most_unsynced / 2) {
    begin_sync();
  }
}

/// On a thread of its own: the disk takes as long as the next records.
void JournalWriter::begin_sync() {
  require_sound();
  try {
    syncing_ = std::async(std::launch::async, [file = segment_.get()] { return ::fdatasync(file) == 0 ? 0 : errno; });
  } catch (const std::system_error&) {  // no thread
    return sync();
  }
  sync_began_ = std::chrono::steady_clock::now();
  syncing_to_ = appended_;
}

void JournalWriter::end_sync() {
  take_sync(syncing_.get());
  synced_ = syncing_to_;
  oldest_unsynced_ = sync_began_;  // or later
}

void JournalWriter::take_sync(int error) {
  if (error == 0) return;
  failure_ = std::error_code(error, std::generic_category());
  throw_system_error(error, "fdatasync", path_);
}

void JournalWriter::sync() {
  if (syncing_.valid()) end_sync();
  if (appended_ == synced_) return;
  require_sound();
  take_sync(::fdatasync(segment_.get()) == 0 ? 0 : errno);
  synced_ = appended_;
}

}  // namespace memscale
