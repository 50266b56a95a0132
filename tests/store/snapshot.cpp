#include "memscale/store/snapshot.hpp"

#include <bit>
#include <random>

#include "catch.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "snapshot_fixture.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

/// Makes records when they are read, so that a set need not fit into memory.
class RecordMaker : public RecordFile {
 public:
  explicit RecordMaker(std::int64_t steps) : steps_(steps) {}
  Record read(const IndexEntry& entry, RecordParts) override { return make(static_cast<std::int64_t>(entry.offset)); }
  std::shared_ptr<RecordFile> twin() const override { return std::make_shared<RecordMaker>(steps_); }
  Record make(std::int64_t i) const {
    Record record = make_record(i);
    add_traces(record, steps_, 100, i % 2);
    return record;
  }

 private:
  std::int64_t steps_;
};

RecordSource made_source(std::int64_t rows, std::int64_t steps) {
  const auto maker = std::make_shared<RecordMaker>(steps);
  RecordSource source{{maker}, {}};
  for (std::int64_t i = 0; i < rows; ++i)
    source.entries.push_back(index_entry(maker->make(i), static_cast<std::uint64_t>(i)));
  std::sort(source.entries.begin(), source.entries.end(),
            [](const IndexEntry& a, const IndexEntry& b) { return a.id < b.id; });
  return source;
}

std::vector<Record> without_parts(std::vector<Record> records, RecordParts parts) {
  for (Record& record : records) {
    if (!parts.trace) record.trace = Trace();
    if (!parts.recall) record.recall.clear();
    if (!parts.cost) record.cost = Cost();
  }
  return records;
}

}  // namespace

TEST_CASE("a snapshot gives back records sorted by id, and provenance") {
  const TemporaryFolder folder;
  std::vector<Record> records = make_records(9000);  // more than one chunk
  records.push_back(make_failure(10001, "newton: singular Hessian\nsecond line, \xC3\xA9"));
  records.push_back(make_failure(10002, ""));
  records.push_back(make_failure(10003, std::string(longest_message, 'm')));
  int seed = 20000;
  std::vector<double> values = extreme_doubles();
  values.push_back(std::bit_cast<double>(0x7FF8'0000'0000'1234));  // NaNs that say more
  values.push_back(std::bit_cast<double>(0xFFF8'0000'0000'0000));
  for (double value : values) {
    Record record = make_record(++seed);
    record.trial.eta = value;
    record.result.accuracy = value;
    record.cost.seconds = value;
    add_traces(record, 3, 5000, seed);
    record.trace.gradient_norm = {value, 1, value};
    record.trace.capacity = {value, value, value};
    if (trial_id(record.trial) != trial_id(records.back().trial)) records.push_back(record);
  }
  Record extreme = make_record(30000);
  extreme.trial.seed = std::numeric_limits<std::int64_t>::max();
  extreme.result.prefix = std::numeric_limits<std::int64_t>::min();
  extreme.cost.host = "";
  extreme.cost.blas_kernel = std::string(longest_name, 'k');
  records.push_back(extreme);
  records = sorted_by_id(records);  // NaNs are one trial
  write_and_compare(folder / "a.h5", records);
  const Provenance provenance = open_snapshot(folder / "a.h5").provenance();
  CHECK(provenance.jobs == make_provenance().jobs);
  CHECK(provenance.command_line == make_provenance().command_line);
}

TEST_CASE("a snapshot may hold nothing, and the longest texts") {
  const TemporaryFolder folder;
  Provenance provenance;
  SECTION("empty") {}
  SECTION("long") {
    provenance.command_line = std::string(longest_text, '#');
    for (const char* version : {"1", "2", "3"})
      provenance.jobs.push_back({std::string(longest_text, '#'), std::string(longest_text, '-'),
                                 std::string(3 * longest_text, 'p'), version, 1, std::string(longest_text, 'f')});
  }
  write_snapshot(folder / "a.h5", provenance, source_of({}));
  verify_snapshot(folder / "a.h5", source_of({}));
  SnapshotFile file = open_snapshot(folder / "a.h5");
  CHECK(file.entries().empty());
  CHECK(file.provenance().jobs == provenance.jobs);
  CHECK(file.provenance().command_line == provenance.command_line);
}

TEST_CASE("blocks that are full, or one short or over, come back") {
  const TemporaryFolder folder;
  for (const std::int64_t count : {1, 2, 3, 8191, 8192, 8193}) write_and_compare(folder / "a.h5", make_records(count));
}

TEST_CASE("records without steps, and one long trial among short ones, come back") {
  const TemporaryFolder folder;
  std::vector<Record> records = make_records(700);
  SECTION("no steps at all") {
    for (std::size_t i = 0; i < records.size(); ++i) add_traces(records[i], 0, 20, static_cast<std::int64_t>(i));
  }
  SECTION("no recall either") {
    for (Record& record : records) record = make_failure(record.trial.seed, "no");
  }
  SECTION("one of 3000 steps") {
    add_traces(records[345], 3000, 20, 345);
  }
  SECTION("one of more steps than are kept at hand") {
    add_traces(records[345], 20000, 20, 345);
  }
  SECTION("as long as the chunks are wide, and one step more") {
    for (std::size_t i = 0; i < records.size(); ++i)
      add_traces(records[i], 63 + static_cast<std::int64_t>(i % 3), 20, static_cast<std::int64_t>(i));
  }
  write_and_compare(folder / "a.h5", records);
}

TEST_CASE("few long trials among many short ones cost what they hold") {
  const TemporaryFolder folder;
  std::vector<Record> records;
  for (std::int64_t i = 0; i < 3000; ++i) {
    records.push_back(make_record(i));
    add_traces(records.back(), 1, 20, i);
  }
  const auto before = write_and_compare(folder / "a.h5", records);
  add_traces(records[10], 5000, 20, 10);
  add_traces(records[2000], 900, 20, 2000);
  const auto after = write_and_compare(folder / "b.h5", records);
  const auto numbers = 5 * (5000 + 900) * sizeof(double);
  CHECK(after < before + 3 * numbers);  // all steps of all trials would be 600 MB
}

TEST_CASE("traces and recall of any lengths come back") {
  const TemporaryFolder folder;
  std::mt19937_64 random(7);
  for (int round = 0; round < 20; ++round) {
    std::vector<Record> records;
    const auto count = static_cast<std::int64_t>(random() % 100);
    const auto steps = std::vector<std::int64_t>{1, 2, 65, 700}[random() % 4];
    for (std::int64_t i = 0; i < count; ++i) {
      records.push_back(make_record(i));
      if (random() % 4 == 0)
        add_traces(records.back(), static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(steps)),
                   1 + static_cast<std::int64_t>(random() % 3000), i);
      if (random() % 9 == 0) records.back().recall.clear();
      if (random() % 9 == 0) records.back() = make_failure(i, "no");
    }
    write_and_compare(folder / "a.h5", records);
  }
}

TEST_CASE("rows are read in any order, by two readers, and only the parts asked for") {
  const TemporaryFolder folder;
  std::vector<Record> records = make_records(9000);
  for (std::size_t i = 0; i < records.size(); i += 100)
    records[i] = make_failure(records[i].trial.seed, to_text(0.5 + static_cast<double>(i)));
  records = sorted_by_id(records);
  write_snapshot(folder / "a.h5", make_provenance(), source_of(records));
  SnapshotFile file = open_snapshot(folder / "a.h5");
  fs::remove(folder / "a.h5");  // what happens to the name does not matter
  const auto twin = file.twin();
  const std::vector<IndexEntry> entries = file.entries();
  std::mt19937_64 random(2);
  for (int i = 0; i < 300; ++i) {
    const std::size_t row = random() % records.size();
    const RecordParts parts{random() % 2 == 0, random() % 2 == 0, random() % 2 == 0};
    const Record expected = without_parts({records[row]}, parts).front();
    REQUIRE(same_record(i % 2 == 0 ? file.read(entries[row], parts) : twin->read(entries[row], parts), expected));
  }
}

TEST_CASE("entries say what the records are") {
  const TemporaryFolder folder;
  std::vector<Record> records = make_records(100);
  records.push_back(make_failure(1000, "no"));
  const RecordSource source = source_of(records);
  write_snapshot(folder / "a.h5", make_provenance(), source);
  const std::vector<IndexEntry> entries = open_snapshot(folder / "a.h5").entries();
  REQUIRE(entries.size() == source.entries.size());
  for (std::size_t row = 0; row < entries.size(); ++row) {
    const IndexEntry &found = entries[row], &known = source.entries[row];
    CHECK(found.offset == row);
    CHECK(std::tuple(found.id, found.digest, found.items, found.steps_done, found.group_losses, found.status) ==
          std::tuple(known.id, known.digest, known.items, known.steps_done, known.group_losses, known.status));
  }
}

TEST_CASE("the same snapshot twice gives the same file") {
  const TemporaryFolder folder;
  const std::vector<Record> records = make_records(500);
  write_snapshot(folder / "a.h5", make_provenance(), source_of(records));
  write_snapshot(folder / "b.h5", make_provenance(), source_of({records.rbegin(), records.rend()}));
  CHECK(file_bytes(folder / "a.h5") == file_bytes(folder / "b.h5"));
}

TEST_CASE("verifying a snapshot finds every difference") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  std::vector<Record> records = sorted_by_id(make_records(50));
  records[20] = make_failure(records[20].trial.seed, "no");
  write_snapshot(path, make_provenance(), source_of(records));
  const auto found = [&] { return message_of<std::runtime_error>([&] { verify_snapshot(path, source_of(records)); }); };
  REQUIRE(found() == "nothing thrown");
  const std::string id = to_hex(trial_id(records[20].trial));
  SECTION("a cost") {
    records[20].cost.seconds += 1;
    CHECK(contains(found(), id));
  }
  SECTION("a message") {
    records[20].message += "?";
    CHECK(contains(found(), id));
  }
  SECTION("a result, by one bit") {
    records[20].result.accuracy = -0.0;
    CHECK(contains(found(), id));
  }
  SECTION("another trial in its place") {
    records[20] = make_record(12345);
    CHECK(found() != "nothing thrown");
  }
  SECTION("a record less") {
    records.pop_back();
    CHECK(contains(found(), "50 records"));
  }
}

TEST_CASE("a source that gives other records than it names is refused, and the old file stays") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  write_snapshot(path, make_provenance(), source_of(make_records(3)));
  const std::string before = file_bytes(path);
  RecordSource source = source_of(make_records(5));
  SECTION("more steps") {
    source.entries[2].steps_done += 1;
  }
  SECTION("other losses of groups") {
    source.entries[2].group_losses += 1;
  }
  SECTION("another status") {
    source.entries[2].status = TrialStatus::failed;
  }
  SECTION("out of order") {
    std::swap(source.entries[2], source.entries[3]);
  }
  SECTION("twice") {
    source.entries[2] = source.entries[3];
  }
  CHECK_THROWS(write_snapshot(path, make_provenance(), source));
  CHECK(file_bytes(path) == before);
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5"});
}

#ifndef MEMSCALE_SANITIZE  // sanitizers keep memory that was given back
TEST_CASE("records pass through memory, they do not stay there") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  // 10000 records of 100 steps, 45 MB; 100 of 20000 steps, 80 MB. Their file is some MB, for they are all alike.
  for (const auto& [rows, steps] : {std::pair<std::int64_t, std::int64_t>{10000, 100}, {100, 20000}}) {
    const RecordSource source = made_source(rows, steps);
    const double written = peak_memory_of([&] { write_snapshot(path, make_provenance(), source); });
    const double size = static_cast<double>(fs::file_size(path)) / 1e6;
    INFO(rows << " x " << steps << ": " << written << " MB for a file of " << size << " MB");
    CHECK(written < 1.5 * size + 20);
    const double read = peak_memory_of([&] { verify_snapshot(path, source); });
    INFO("read: " << read);
    CHECK(read < 40);
  }
}
#endif

namespace {

/// A record that is another one each time it is read, as where memory fails.
class UnsteadyFile : public RecordFile {
 public:
  Record read(const IndexEntry& entry, RecordParts) override {
    Record record = make_record(static_cast<std::int64_t>(entry.offset));
    record.cost.started = static_cast<double>(reads_++);
    return record;
  }
  std::shared_ptr<RecordFile> twin() const override { return std::make_shared<UnsteadyFile>(*this); }

 private:
  int reads_ = 0;
};

}  // namespace

TEST_CASE("a snapshot that does not decode to its records does not take the old one's place") {
  const TemporaryFolder folder;
  const auto path = folder / "a.h5";
  write_snapshot(path, make_provenance(), source_of(make_records(3)));
  const std::string before = file_bytes(path);
  RecordSource source = source_of(make_records(4));
  source.files.front() = std::make_shared<UnsteadyFile>();
  for (const Verify verify : {Verify::all, Verify::only_copies}) {
    CHECK_THROWS_AS(write_snapshot(path, make_provenance(), source, verify), std::runtime_error);
    CHECK(file_bytes(path) == before);
    CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5"});
  }
  for (IndexEntry& entry : source.entries) entry.length = 1;  // as if a journal held them
  CHECK_NOTHROW(write_snapshot(path, make_provenance(), source, Verify::only_copies));
  CHECK_THROWS_AS(verify_snapshot(path, source), std::runtime_error);
}
