#include "memscale/store/journal.hpp"

#include <sys/stat.h>

#include <random>

#include "catch.hpp"
#include "memscale/core/error.hpp"
#include "memscale/experiment/record_bytes.hpp"
#include "memscale/store/crc32c.hpp"
#include "store_fixture.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

JournalWriter make_journal_writer(const fs::path& folder) {
  return {folder, make_job(), make_provenance().command_line};
}

void append(JournalWriter& writer, std::uint64_t id, std::span<const std::byte> payload) {
  JournalFrames frames;
  frames.add(id, payload);
  writer.append(frames);
}

void append(JournalWriter& writer, const Record& record) {
  append(writer, trial_id(record.trial), encode_record(record));
}

fs::path write_segment(const fs::path& folder, const std::vector<Record>& records) {
  JournalWriter writer = make_journal_writer(folder);
  for (const Record& record : records) append(writer, record);
  writer.sync();
  return journal_segments(folder).back();
}

std::vector<Record> read_segment(const fs::path& segment) {
  JournalSegment reader(segment, "a.h5");
  std::vector<IndexEntry> entries;
  reader.scan([&](const IndexEntry& entry) { entries.push_back(entry); });
  std::vector<Record> records;
  for (const IndexEntry& entry : entries) {
    records.push_back(reader.read(entry, {}));
    const IndexEntry expected = index_entry(records.back(), entry.offset);
    REQUIRE((entry.id == expected.id && entry.digest == expected.digest && entry.items == expected.items &&
             entry.steps_done == expected.steps_done && entry.status == expected.status));
  }
  return records;
}

/// Sizes of the segment after its header and after each of its records.
std::vector<std::size_t> frame_ends(const fs::path& folder, const std::vector<Record>& records) {
  fs::create_directory(folder);
  JournalWriter writer = make_journal_writer(folder);
  std::vector<std::size_t> ends;
  for (const Record& record : records) {
    append(writer, record);
    ends.push_back(fs::file_size(journal_segments(folder).back()));
  }
  return ends;
}

}  // namespace

TEST_CASE("CRC-32C has the check value of its definition") {
  const std::string digits = "123456789";
  Crc32c crc;
  crc.add(std::as_bytes(std::span(digits)));
  CHECK(crc.value() == 0xE3069283);  // RFC 3720's polynomial, catalogue of CRCs: CRC-32/ISCSI
}

TEST_CASE("a segment gives back records and provenance") {
  const TemporaryFolder folder;
  std::vector<Record> records = make_records(20);
  records.push_back(make_failure(100, "newton: singular Hessian\nsecond line"));
  for (double value : extreme_doubles()) {
    Record record = make_record(200);
    record.trial.eta = value;
    record.result.accuracy = value;
    record.cost.seconds = value;
    records.push_back(record);
  }
  const fs::path segment = write_segment(folder.path(), records);
  CHECK(segment.filename() == "journal-00000001");
  CHECK(same_records(read_segment(segment), records));
  const JournalSegment reader(segment, "a.h5");
  REQUIRE(reader.header());
  CHECK(reader.header()->format == store_format_version);
  CHECK(reader.header()->job == make_job());
  CHECK(reader.header()->command_line == make_provenance().command_line);
}

TEST_CASE("each writer makes a segment of its own, at its first record") {
  const TemporaryFolder folder;
  write_bytes(folder / "journal-00000041", "");
  write_bytes(folder / "journal-77", "");
  const JournalWriter idle = make_journal_writer(folder.path());
  CHECK(journal_segments(folder.path()).size() == 1);
  CHECK(write_segment(folder.path(), make_records(1)).filename() == "journal-00000042");
  CHECK(write_segment(folder.path(), make_records(1)).filename() == "journal-00000043");
  CHECK(file_bytes(folder / "journal-00000041").empty());
  CHECK(journal_segments(folder / "absent").empty());
  REQUIRE(::mkfifo((folder / "journal-00000099").c_str(), 0600) == 0);
  CHECK(journal_segments(folder.path()).size() == 3);
}

TEST_CASE("ten thousand records are never left without a sync") {
  const TemporaryFolder folder;
  JournalWriter writer = make_journal_writer(folder.path());
  for (const Record& record : make_records(25'000)) {
    append(writer, record);
    writer.sync_if_due();
    REQUIRE(writer.appended() - writer.synced() < 10'000);
  }
  writer.sync();
  CHECK(writer.synced() == 25'000);
}

TEST_CASE("a segment cut at any byte of its last three records keeps those before") {
  const TemporaryFolder folder;
  const std::vector<Record> records = make_records(6);
  const std::vector<std::size_t> ends = frame_ends(folder / "ends", records);
  const std::string whole = file_bytes(folder / "ends/journal-00000001");
  REQUIRE(whole.size() == ends.back());
  for (std::size_t size = ends[2]; size <= whole.size(); ++size) {
    write_bytes(folder / "cut", whole.substr(0, size));
    const std::size_t expected =
        static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), size) - ends.begin());
    const std::vector<Record> kept = read_segment(folder / "cut");
    REQUIRE(kept.size() == expected);
    REQUIRE(std::equal(kept.begin(), kept.end(), records.begin(), same_record));
    JournalSegment reader(folder / "cut", "a.h5");
    reader.scan([](const IndexEntry&) {});
    REQUIRE(reader.unread() == size - ends[expected - 1]);
  }
}

TEST_CASE("a header cut short holds nothing and harms nothing") {
  const TemporaryFolder folder;
  const std::string whole = file_bytes(write_segment(folder.path(), make_records(1)));
  for (std::size_t size = 0; size < 100; ++size) {
    write_bytes(folder / "cut", whole.substr(0, size));
    REQUIRE(read_segment(folder / "cut").empty());
  }
}

TEST_CASE("two hundred bit flips never give a wrong record") {
  const TemporaryFolder folder;
  const std::vector<Record> records = make_records(10);
  const std::string whole = file_bytes(write_segment(folder.path(), records));
  std::mt19937_64 random(1);
  for (int i = 0; i < 200; ++i) {
    std::string flipped = whole;
    const std::size_t bit = random() % (8 * whole.size());
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    write_bytes(folder / "flipped", flipped);
    const std::vector<Record> kept = read_segment(folder / "flipped");
    REQUIRE(kept.size() < records.size());
    REQUIRE(std::equal(kept.begin(), kept.end(), records.begin(), same_record));
  }
}

TEST_CASE("lost, zeroed and garbage pages never give a wrong record") {
  const TemporaryFolder folder;
  const std::vector<Record> records = make_records(60);
  const std::string whole = file_bytes(write_segment(folder.path(), records));
  std::mt19937_64 random(2);
  constexpr std::size_t page = 512;
  REQUIRE(whole.size() > 10 * page);
  for (int i = 0; i < 400; ++i) {
    std::string damaged = whole;
    const std::size_t start = page * (random() % (whole.size() / page));
    const std::size_t size = std::min(page, whole.size() - start);
    if (i % 3 == 0) damaged.resize(start);
    for (std::size_t at = start; i % 3 != 0 && at < start + size; ++at)
      damaged[at] = i % 3 == 1 ? '\0' : static_cast<char>(random());
    write_bytes(folder / "damaged", damaged);
    const std::vector<Record> kept = read_segment(folder / "damaged");
    REQUIRE(kept.size() < records.size());
    REQUIRE(std::equal(kept.begin(), kept.end(), records.begin(), same_record));
  }
}

TEST_CASE("a frame whose checksum is right and content is none ends the segment") {
  const TemporaryFolder folder;
  JournalWriter writer = make_journal_writer(folder.path());
  append(writer, make_record(1));
  const Record right = make_record(31);
  Record wrong = right;
  std::vector<std::byte> bytes = encode_record(right);
  SECTION("an enum's code without a name") {
    wrong.result.status = static_cast<TrialStatus>(99);
    bytes = encode_record(wrong);
  }
  SECTION("less than no steps") {
    wrong.result.steps_done = -1;
    bytes = encode_record(wrong);
  }
  SECTION("more items than there can be") {
    wrong.trial.items = std::numeric_limits<std::int64_t>::max();
    bytes = encode_record(wrong);
  }
  SECTION("a byte too many") {
    bytes.push_back(std::byte{0});
  }
  SECTION("a byte too few") {
    bytes.pop_back();
  }
  SECTION("nothing") {
    bytes.clear();
  }
  append(writer, trial_id(wrong.trial), bytes);
  append(writer, make_record(2));
  CHECK(read_segment(folder / "journal-00000001").size() == 1);
}

TEST_CASE("a record whose checksum is right and which cannot be is told when it is read") {
  const TemporaryFolder folder;
  JournalWriter writer = make_journal_writer(folder.path());
  Record wrong = make_record(31);
  REQUIRE(wrong.result.steps_done > 1);
  std::uint64_t id = trial_id(wrong.trial);
  SECTION("an id that is not the trial's") {
    ++id;
  }
  SECTION("a trace that lacks a step") {
    wrong.trace.train_loss.pop_back();
  }
  SECTION("traces longer than the steps done") {
    --wrong.result.steps_done;
  }
  SECTION("recall of another number of bins") {
    wrong.recall.pop_back();
  }
  SECTION("recall below 0") {
    wrong.recall[0] = -1;
  }
  SECTION("recall of more items than the bin has") {
    wrong.recall[0] = 2;
  }
  append(writer, id, encode_record(wrong));
  CHECK_THROWS_AS(read_segment(folder / "journal-00000001"), InputError);
}

TEST_CASE("bytes that change between scan and read are noticed") {
  const TemporaryFolder folder;
  const fs::path segment = write_segment(folder.path(), {make_record(1)});
  JournalSegment reader(segment, "a.h5");
  std::vector<IndexEntry> entries;
  reader.scan([&](const IndexEntry& entry) { entries.push_back(entry); });
  REQUIRE(entries.size() == 1);
  CHECK(same_record(reader.read(entries.front(), {}), make_record(1)));
  const std::string whole = file_bytes(segment);
  for (std::size_t at = entries.front().offset; at < whole.size(); at += 13) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 4);
    write_bytes(segment, changed);
    REQUIRE_THROWS_AS(reader.read(entries.front(), {}), InputError);
  }
}

TEST_CASE("a growing segment is scanned on from where it ended") {
  const TemporaryFolder folder;
  JournalWriter writer = make_journal_writer(folder.path());
  append(writer, make_record(0));
  JournalSegment reader(writer.path(), "a.h5");
  std::vector<std::uint64_t> ids;
  const auto scan = [&] { reader.scan([&](const IndexEntry& entry) { ids.push_back(entry.id); }); };
  for (std::int64_t i = 1; i < 300; ++i) {
    append(writer, make_record(i));
    if (i % 7 == 0) scan();
  }
  scan();
  REQUIRE(ids.size() == 300);
  for (std::size_t i = 0; i < ids.size(); ++i)
    REQUIRE(ids[i] == trial_id(make_record(static_cast<std::int64_t>(i)).trial));
  CHECK(reader.unread() == 0);
}

TEST_CASE("a trial of many steps fits") {
  const TemporaryFolder folder;
  Record record = make_record(1);
  add_traces(record, 200'000, 1000, 1);
  CHECK(same_records(read_segment(write_segment(folder.path(), {record, make_record(2)})), {record, make_record(2)}));
}

TEST_CASE("any bytes at all can be read as a segment") {
  const TemporaryFolder folder;
  std::mt19937_64 random(3);
  for (int i = 0; i < 200; ++i) {
    std::string bytes(random() % 300, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    if (i % 2 == 0) bytes = (i % 4 == 0 ? "MSJH" : "MSHD") + bytes;
    write_bytes(folder / "random", bytes);
    REQUIRE(read_segment(folder / "random").empty());
  }
}
