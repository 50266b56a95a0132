// Journal segments that somebody changed at random, some with checksums that fit again: whatever they hold, a reader
// ends with records or one line of refusal, and takes no more memory than a small multiple of the file.
#include <algorithm>
#include <cstring>
#include <optional>
#include <random>

#include "catch.hpp"
#include "full_counts.hpp"
#include "legacy_fixture.hpp"
#include "memory_limit.hpp"
#include "memscale/core/error.hpp"
#include "memscale/store/checksum.hpp"
#include "memscale/store/crc32c.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

/// A segment in pieces: u32 magic, u32 length, u64 id, checksum, payload each.
struct Frame {
  std::uint32_t magic;
  std::uint64_t id;
  std::string payload;
};

class SegmentBytes {
 public:
  SegmentBytes(const std::string& bytes, std::int64_t format) : format_(format) {
    const std::size_t head = 16 + (format < 3 ? sizeof(std::uint32_t) : sizeof(std::uint64_t));
    for (std::size_t at = 0; at + head <= bytes.size();) {
      Frame frame{};
      std::uint32_t length = 0;
      std::memcpy(&frame.magic, &bytes[at], sizeof frame.magic);
      std::memcpy(&length, &bytes[at + 4], sizeof length);
      std::memcpy(&frame.id, &bytes[at + 8], sizeof frame.id);
      if (length > bytes.size() - at - head) break;
      frame.payload = bytes.substr(at + head, length);
      frames.push_back(frame);
      at += head + length;
    }
  }

  /// With checksums that fit.
  std::string joined() const {
    std::string bytes;
    for (const Frame& frame : frames) {
      std::string start(16, '\0');
      const auto length = static_cast<std::uint32_t>(frame.payload.size());
      std::memcpy(&start[0], &frame.magic, sizeof frame.magic);
      std::memcpy(&start[4], &length, sizeof length);
      std::memcpy(&start[8], &frame.id, sizeof frame.id);
      bytes += start + checksum(start + frame.payload) + frame.payload;
    }
    return bytes;
  }

  std::vector<Frame> frames;

 private:
  std::string checksum(const std::string& bytes) const {
    const auto sum = [&](auto hash) {
      hash.add(std::as_bytes(std::span(bytes)));
      const auto value = hash.value();
      return std::string(reinterpret_cast<const char*>(&value), sizeof value);
    };
    return format_ < 3 ? sum(Crc32c()) : sum(Checksum());
  }

  std::int64_t format_;
};

/// What a killed run of a released format left: there must be one of each. Of the present one it is made.
std::string killed_journal(std::int64_t format) {
  if (format == store_format_version) {
    const TemporaryFolder folder;
    ResultStore store(folder / "a.h5", make_writer());
    for (std::int64_t i = 1; i < 7; ++i) store.append(i % 2 == 0 ? make_record(i) : make_orthogonal_record(i));
    store.append(make_failure(7, "no"));
    return file_bytes(folder / "a.h5.journal/journal-00000001");
  }
  return file_bytes(stored_fixture(std::to_string(format) + "/killed.journal-00000001"));
}

/// std::mt19937_64 is the same everywhere, the distributions are not: so the remainder is taken.
class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % std::max<std::size_t>(n, 1)); }

  /// A few edits: bits flipped, numbers replaced by large, small and negative ones, pieces removed, repeated, cut off.
  void change(std::string& bytes) {
    for (std::size_t edits = 1 + below(3); edits > 0 && !bytes.empty(); --edits) {
      const std::size_t at = below(bytes.size());
      switch (below(8)) {
        case 0:
          bytes[at] = static_cast<char>(bytes[at] ^ 1 << below(8));
          break;
        case 1:
        case 2:
          put(bytes, at / 4 * 4, static_cast<std::uint32_t>(extreme()));
          break;
        case 3:
          put(bytes, at / 8 * 8, extreme());
          break;
        case 4:
          bytes.erase(at, 1 + below(64));
          break;
        case 5:
          bytes.insert(at, bytes.substr(below(bytes.size()), below(64)));
          break;
        case 6:
          bytes.resize(at);
          break;
        default:
          put(bytes, at, random_());
      }
    }
  }

  /// As change, frame by frame; also frames moved, repeated, dropped, under another id or magic.
  void change(std::vector<Frame>& frames) {
    for (std::size_t edits = 1 + below(3); edits > 0 && !frames.empty(); --edits) {
      const std::size_t at = below(frames.size());
      switch (below(10)) {
        case 0:
          std::swap(frames[at], frames[below(frames.size())]);
          break;
        case 1:
          frames.insert(frames.begin() + static_cast<long>(at), Frame(frames[below(frames.size())]));
          break;
        case 2:
          frames.erase(frames.begin() + static_cast<long>(at));
          break;
        case 3:
          frames[at].id = frames[below(frames.size())].id;
          break;
        case 4:
          frames[at].magic = frames[below(frames.size())].magic;
          break;
        default:
          change(frames[at].payload);
      }
    }
  }

 private:
  std::uint64_t extreme() {
    constexpr std::uint64_t numbers[]{0,          1,          2,           255,        0x7fffffff,
                                      0x80000000, 0xffffffff, 0x100000000, 1ULL << 40, 1'000'000'000'000'000,
                                      ~0ULL >> 1, 1ULL << 63, ~0ULL};
    return numbers[below(std::size(numbers))];
  }
  template <class T>
  static void put(std::string& bytes, std::size_t at, T value) {
    std::memcpy(&bytes[at], &value, std::min(sizeof value, bytes.size() - at));
  }

  std::mt19937_64 random_;
};

bool one_line(const std::string& message) {
  return !message.empty() && message.size() < 2000 && message.find_first_of("\n\r") == std::string::npos;
}

/// What read_store makes of a store whose journal has this one segment; nothing if it refuses it.
std::optional<std::vector<Record>> read_journal(const fs::path& path, const std::string& segment) {
  const fs::path name = path.string() + ".journal/journal-00000001";
  fs::remove(name);  // ext4 would wait for the disk if the old file were cut to nothing and written again
  write_bytes(name, segment);
  // 8 MB is what a reader of any file may take, its messages and this test's included.
  const MemoryLimit limit((std::size_t{8} << 20) + 16 * segment.size());
  try {
    return read_store(path).records;
  } catch (const InputError& error) {
    REQUIRE(one_line(error.what()));
    return std::nullopt;
  }
}

}  // namespace

TEST_CASE("a journal changed at random gives no record that it did not hold") {
  const int mutations = count_of(1500, 30'000);
  for (std::int64_t format = 1; format <= store_format_version; ++format) {
    const TemporaryFolder folder;
    const fs::path path = folder / "a.h5";
    fs::create_directory(folder / "a.h5.journal");
    const std::string segment = killed_journal(format);
    const auto whole = read_journal(path, segment);
    REQUIRE((whole && !whole->empty()));
    Mutator mutator(static_cast<std::uint64_t>(format));
    std::size_t kept = 0;
    for (int i = 0; i < mutations; ++i) {
      INFO("format " << format << ", mutation " << i);
      std::string changed = segment;
      mutator.change(changed);
      const auto held = read_journal(path, changed);
      if (!held) continue;
      kept += held->size();
      // Both are sorted by id.
      auto original = whole->begin();
      for (const Record& record : *held) {
        while (original != whole->end() && !same_record(*original, record)) ++original;
        REQUIRE(original != whole->end());
      }
    }
    CHECK(kept > 0);
  }
  report("journals changed at random: all formats, " + std::to_string(mutations) + " times each, no record invented");
}

TEST_CASE("a journal changed by someone who knows its checksum is read, or refused in one line") {
  const int mutations = count_of(1500, 30'000);
  std::size_t read = 0, refused = 0, cut = 0;
  for (std::int64_t format = 1; format <= store_format_version; ++format) {
    const TemporaryFolder folder;
    const fs::path path = folder / "a.h5";
    fs::create_directory(folder / "a.h5.journal");
    const std::string bytes = killed_journal(format);
    const SegmentBytes segment(bytes, format);
    REQUIRE(bytes.starts_with(segment.joined()));
    Mutator mutator(100 + static_cast<std::uint64_t>(format));
    for (int i = 0; i < mutations; ++i) {
      INFO("format " << format << ", mutation " << i);
      SegmentBytes changed = segment;
      mutator.change(changed.frames);
      const auto held = read_journal(path, changed.joined());
      (held ? held->size() + 1 < changed.frames.size() ? cut : read : refused) += 1;
    }
  }
  // The mutations must get behind the checksum, and be noticed there.
  CHECK(read > 100);
  CHECK(refused > 100);
  CHECK(cut > 100);
  report("journals changed with new checksums: all formats, " + std::to_string(mutations) + " times each, " +
         std::to_string(read) + " read, " + std::to_string(cut) + " read in part, " + std::to_string(refused) +
         " refused");
}

TEST_CASE("a run that goes on with a journal that someone changed completes the store, or is refused in one line") {
  const int mutations = count_of(60, 3'000);
  const TemporaryFolder folder;
  const SegmentBytes segment(killed_journal(store_format_version), store_format_version);
  Mutator mutator(9);
  int completed = 0, refused = 0;
  for (int i = 0; i < mutations; ++i) {
    INFO("mutation " << i);
    const fs::path path = folder / (std::to_string(i) + ".h5");
    fs::create_directory(path.string() + ".journal");
    SegmentBytes changed = segment;
    mutator.change(changed.frames);
    const std::string bytes = changed.joined();
    write_bytes(path.string() + ".journal/journal-00000001", bytes);
    const MemoryLimit limit((std::size_t{128} << 20) + 16 * bytes.size());
    try {
      Writer writer = make_writer();
      writer.force = true;
      ResultStore store(path, writer);
      store.append(make_record(i));
      store.finish();
      ++completed;
    } catch (const std::runtime_error& error) {
      REQUIRE(one_line(error.what()));
      ++refused;
    }
    if (fs::exists(path)) read_store(path);
    fs::remove_all(path.string() + ".journal");
    fs::remove(path);
  }
  CHECK(completed > mutations / 10);
  CHECK(refused > mutations / 50);
  report("runs on journals changed with new checksums: " + std::to_string(completed) + " completed, " +
         std::to_string(refused) + " refused");
}
