#include "memscale/store/legacy_snapshot.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <stdexcept>
#include <utility>

#include "legacy_child.hpp"
#include "legacy_fields.hpp"
#include "legacy_hdf5.hpp"
#include "memscale/core/bytes.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/record_bytes.hpp"
#include "memscale/store/crc32c.hpp"
#include "memscale/store/result_store.hpp"
#include "memscale/store/store_path.hpp"

namespace memscale {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t seal_magic = 0x454C414353'4D454D;  // "MEMSCALE"
constexpr std::size_t seal_size = 24;

/// The number of bytes before the seal, all of which match it.
std::size_t check_legacy_seal(const FileDescriptor& file, const fs::path& path) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw_system_error(errno, "fstat", path);
  const auto file_size = static_cast<std::size_t>(status.st_size);
  std::vector<std::byte> seal(seal_size);
  if (file_size < seal_size || read_at(file, file_size - seal_size, seal, path) != seal_size)
    throw invalid_store(path, "is not a memscale store");
  std::uint64_t magic = 0, size = 0;
  std::uint32_t crc = 0, zero = 0;
  ByteReader in(seal);
  in.get(magic), in.get(size), in.get(crc), in.get(zero);
  if (magic != seal_magic || size != file_size - seal_size || zero != 0)
    throw invalid_store(path, "is not a memscale store, or a damaged store: cut short or changed by another program");
  std::vector<std::byte> bytes(std::min(size, std::size_t{1} << 20));
  Crc32c sum;
  for (std::size_t done = 0; done < size;) {
    const std::size_t got = read_at(file, done, std::span(bytes).first(std::min(bytes.size(), size - done)), path);
    if (got == 0) throw damaged_store(path, "it shrinks while it is read");
    sum.add(std::span(bytes).first(got));
    done += got;
  }
  if (sum.value() != crc) throw damaged_store(path, "its bytes do not match its checksum");
  return size;
}

/// What the child says: u32 kind, u32 length, payload.
enum class Kind : std::uint32_t { header = 1, record, refusal, end };

struct Message {
  Kind kind{};
  std::uint32_t length = 0;
};

template <class T, class F>
requires std::is_same_v<std::remove_const_t<T>, Message>
void for_each_field(T& message, F&& f) {
  f("kind", message.kind);
  f("length", message.length);
}
constexpr std::size_t message_head = 8;

void send(const FileDescriptor& pipe, Kind kind, std::span<const std::byte> payload) {
  ByteWriter head;
  encode(head, Message{kind, static_cast<std::uint32_t>(payload.size())});
  write_all(pipe, head.bytes(), "pipe");
  write_all(pipe, payload, "pipe");
}

/// Later formats have another seal, and a catalog.
bool is_read_by_hdf5(const LegacyHeader& header) {
  return header.format < first_format_with_catalog && is_legacy(header.format, header.physics);
}

/// In the child: an id and a record each.
void send_contents(const FileDescriptor& pipe, const FileDescriptor& file, std::size_t size, const fs::path& path) {
  std::vector<std::byte> bytes(size);
  if (read_at(file, 0, bytes, path) != size) throw std::runtime_error("it shrinks while it is read");
  const LegacyHdf5 snapshot(std::move(bytes));
  const LegacyHeader header = snapshot.header();
  ByteWriter out;
  encode(out, header);
  send(pipe, Kind::header, out.bytes());
  if (!is_read_by_hdf5(header)) return;
  const LegacyRecords held = snapshot.records(header);
  for (std::size_t row = 0; row < held.records.size(); ++row) {
    ByteWriter id;
    id.put(held.ids[row]);
    std::vector<std::byte> payload = id.bytes();
    const std::vector<std::byte> record = encode_record(held.records[row]);
    payload.insert(payload.end(), record.begin(), record.end());
    send(pipe, Kind::record, payload);
  }
  send(pipe, Kind::end, {});
}

void parse_in_child(const FileDescriptor& pipe, const FileDescriptor& file, std::size_t size, const fs::path& path) {
  std::string why;
  try {
    return send_contents(pipe, file, size, path);
  } catch (const std::bad_alloc&) {
    why = "reading it takes too much memory";
  } catch (const std::exception& error) {
    why = error.what();
  }
  send(pipe, Kind::refusal, std::as_bytes(std::span(why)));
}

/// Takes what the child says, believing none of it.
class Receiver {
 public:
  Receiver(Child& child, std::uint64_t most, const fs::path& path) : child_(child), most_(most), path_(path) {}

  LegacySnapshot receive() {
    while (next()) {
      if (message_.kind == Kind::refusal) throw damaged_store(path_, printable(text()));
      if (message_.kind == Kind::end) break;
      try {
        message_.kind == Kind::header ? take_header() : take_record();
      } catch (const std::out_of_range& error) {
        throw damaged_store(path_, error.what());
      }
    }
    if (message_.kind == Kind::end && snapshot_.format != 0)
      return std::move(snapshot_);  // what else it does is no matter
    const std::string trouble = message_.kind == Kind::end ? "" : child_.wait();
    throw damaged_store(path_, "the process that read it " + (trouble.empty() ? "stopped" : trouble));
  }

 private:
  /// False at the end of what the child had to say.
  bool next() {
    std::vector<std::byte> head(message_head);
    message_ = {};
    if (child_.read(head) != head.size()) return false;
    ByteReader in(head);
    const auto message = decode<Message>(in);
    taken_ += message_head + message.length;
    if (taken_ > most_) throw damaged_store(path_, "it holds more than its size explains");
    payload_.resize(message.length);
    if (child_.read(payload_) != payload_.size()) return false;
    message_ = message;
    return true;
  }

  std::string text() const { return {reinterpret_cast<const char*>(payload_.data()), payload_.size()}; }

  void take_header() {
    ByteReader in(payload_);
    const auto header = decode<LegacyHeader>(in);
    if (!is_read_by_hdf5(header))
      throw invalid_store(path_, "is of format " + to_text(header.format) + " with results of physics version " +
                                     to_text(header.physics) + ", which no version of memscale wrote");
    snapshot_.format = header.format;
    physics_ = header.physics;
    JobEntry job;
    job.text = header.job_text;
    job.version = header.version;
    job.physics = header.physics;
    snapshot_.provenance = {{std::move(job)}, header.command_line};
  }

  void take_record() {
    std::string id;
    ByteReader in(payload_);
    in.get(id);
    Record record = decode_record(std::span(payload_).subspan(sizeof(std::uint32_t) + id.size()));
    if (record.trial.physics != physics_ || to_hex(trial_id(record.trial)) != id)
      throw damaged_store(path_, "trial " + printable(id) + ": its parameters have another id");
    if (id <= last_id_) throw damaged_store(path_, "trial " + printable(id) + " is out of order");
    snapshot_.records.push_back(std::move(record));
    last_id_ = std::move(id);
  }

  Child& child_;
  std::uint64_t most_;
  const fs::path& path_;
  Message message_;
  std::vector<std::byte> payload_;
  std::uint64_t taken_ = 0;
  std::int64_t physics_ = 0;
  std::string last_id_;
  LegacySnapshot snapshot_;
};

}  // namespace

LegacySnapshot read_legacy_snapshot(const FileDescriptor& file, const fs::path& path) {
  const std::size_t size = check_legacy_seal(file, path);
  // Large stores are compressed to a tenth or less, of which memory is needed several times; small ones not at all.
  const std::uint64_t seconds = 10 + size / (1 << 20);
  const ChildLimits limits{(std::uint64_t{1} << 30) + 64 * size, seconds, 300 + 10 * seconds};
  Child child(path, limits, [&](const FileDescriptor& pipe) { parse_in_child(pipe, file, size, path); });
  return Receiver(child, limits.memory, path).receive();
}

}  // namespace memscale
