#include "memscale/store/result_store.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <thread>

#include "catch.hpp"
#include "memscale/core/bytes.hpp"
#include "memscale/core/error.hpp"
#include "memscale/store/checksum.hpp"
#include "memscale/store/journal.hpp"
#include "memscale/store/record_source.hpp"
#include "memscale/store/snapshot.hpp"
#include "store_fixture.hpp"

using namespace memscale;
namespace fs = std::filesystem;

TEST_CASE("a finished store is one file") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  const std::vector<Record> records = make_records(30);
  {
    ResultStore store(path, make_writer());
    for (const Record& record : records) store.append(record);
    CHECK(store.size() == 30);
    CHECK(store.has_result(trial_id(records[4].trial)));
    CHECK_FALSE(store.has_result(trial_id(make_record(99).trial)));
    CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5.journal"});
    store.finish();
    CHECK(store.synced() == 30);
    CHECK_THROWS_AS(store.append(records[0]), std::logic_error);
  }
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5"});
  const StoreContents contents = read_store(path);
  CHECK(same_records(contents.records, sorted_by_id(records)));
  CHECK(contents.provenance.command_line == make_provenance().command_line);
}

TEST_CASE("a store that was not finished goes on where it stopped") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  const std::vector<Record> records = make_records(30);
  for (std::size_t begin = 0; begin < 30; begin += 10) {
    ResultStore store(path, make_writer());
    CHECK(store.size() == begin);
    CHECK(store.synced() == 0);
    for (std::size_t i = begin; i < begin + 10; ++i) store.append(records[i]);
    store.sync();
    CHECK(store.synced() == 10);
  }
  CHECK(names_in(folder / "a.h5.journal").size() == 4);  // a lock and three segments
  CHECK_FALSE(fs::exists(path));
  CHECK(same_records(read_store(path).records, sorted_by_id(records)));
  CHECK(read_store(path).provenance.job_text() == make_job().text);
  ResultStore(path, make_writer()).finish();
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5"});
  write_store(folder / "b.h5", records);
  CHECK(file_bytes(path) == file_bytes(folder / "b.h5"));
}

TEST_CASE("a run with nothing to do leaves the store as it was") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  write_store(path, make_records(5));
  struct stat before {
  }, after{};
  REQUIRE(::stat(path.c_str(), &before) == 0);
  const std::string bytes = file_bytes(path);
  SECTION("finished") {
    ResultStore(path, {}).finish();
  }
  SECTION("not finished") {
    ResultStore(path, {});
  }
  REQUIRE(::stat(path.c_str(), &after) == 0);
  CHECK(before.st_ino == after.st_ino);
  CHECK(file_bytes(path) == bytes);
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5"});
}

TEST_CASE("a run killed between its snapshot and the journal's removal is finished by the next") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  {
    ResultStore store(path, make_writer());
    for (const Record& record : make_records(5)) store.append(record);
    store.sync();
  }
  fs::copy(folder / "a.h5.journal", folder / "kept", fs::copy_options::recursive);
  ResultStore(path, make_writer()).finish();
  const std::string finished = file_bytes(path);
  fs::rename(folder / "kept", folder / "a.h5.journal");
  write_bytes(folder / "a.h5.tmp-123", "a snapshot cut short");
  ResultStore(path, make_writer()).finish();
  CHECK(file_bytes(path) == finished);
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5"});
}

TEST_CASE("many trials are found at once, in snapshot and journal, and those that are not held are passed over") {
  const TemporaryFolder folder;
  const std::vector<Record> records = make_records(8);
  write_store(folder / "a.h5", {records.begin(), records.begin() + 4});
  ResultStore store(folder / "a.h5", make_writer());
  for (std::size_t i = 4; i < 7; ++i) store.append(records[i]);
  std::vector<std::uint64_t> wanted;
  for (std::size_t i : {7, 5, 1, 2}) wanted.push_back(trial_id(records[i].trial));
  const std::vector<Record> found = store.find_all(wanted, {.trace = false, .recall = false, .cost = false});
  REQUIRE(found.size() == 3);
  for (std::size_t i : {1, 2, 5})
    CHECK(std::any_of(found.begin(), found.end(), [&](const Record& record) {
      return record.trial == records[i].trial && record.result.capacity == records[i].result.capacity;
    }));
  CHECK(store.find_all({}, {}).empty());
}

TEST_CASE("failures are kept with their message, and do not count as results") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  const Record failure = make_failure(1, "newton: singular Hessian");
  const std::uint64_t id = trial_id(failure.trial);
  write_store(path, {failure, make_record(2)});
  {
    ResultStore store(path, make_writer());
    CHECK(store.size() == 2);
    CHECK_FALSE(store.has_result(id));
    store.append(make_record(1));
    CHECK(store.has_result(id));
    store.append(failure);
    CHECK(store.has_result(id));
    store.finish();
  }
  write_store(folder / "b.h5", {make_record(2), make_record(1)});
  CHECK(file_bytes(path) == file_bytes(folder / "b.h5"));
}

TEST_CASE("a second result that differs is refused and never reaches the disk") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  Record other = make_record(1);
  other.result.capacity += 1;
  {
    ResultStore store(path, make_writer());
    store.append(make_record(1));
    CHECK_THROWS_AS(store.append(other), std::runtime_error);
    Record again = make_record(1);
    again.cost.rank = 55;
    store.append(again);
  }
  ResultStore(path, make_writer()).finish();
  CHECK(same_records(read_store(path).records, {make_record(1)}));
}

TEST_CASE("one run at a time") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  {
    ResultStore store(path, make_writer());
    const auto refused = [&] { return message_of<InputError>([&] { ResultStore(path, make_writer()); }); };
    CHECK(contains(refused(), "is in use by another run"));
    store.append(make_record(1));
    CHECK(contains(refused(), "is in use by another run"));
    fs::create_symlink(path, folder / "link.h5");
    CHECK_THROWS_AS(ResultStore(folder / "link.h5", make_writer()), InputError);
    fs::remove(folder / "link.h5");
    store.finish();
    CHECK_NOTHROW(ResultStore(path, make_writer()));
  }
  ResultStore moved = ResultStore(path, make_writer());
  CHECK_THROWS_AS(ResultStore(path, make_writer()), InputError);
}

TEST_CASE("a symbolic link stays one") {
  const TemporaryFolder folder;
  fs::create_directory(folder / "disk");
  write_store(folder / "disk/a.h5", make_records(2));
  fs::create_symlink(folder / "disk/a.h5", folder / "link.h5");
  write_store(folder / "link.h5", make_records(3));
  CHECK(fs::is_symlink(folder / "link.h5"));
  CHECK(read_store(folder / "disk/a.h5").records.size() == 3);
  CHECK(names_in(folder / "disk") == std::vector<std::string>{"a.h5"});
}

TEST_CASE("a path that cannot be a store is refused in one line and left alone") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  const auto refused = [&](const fs::path& name) {
    const std::string message = message_of<InputError>([&] { ResultStore(name, make_writer()); });
    CHECK(contains(message, "invalid store="));
    CHECK_FALSE(contains(message, "\n"));
    CHECK_THROWS_AS(read_store(name), InputError);
    return message;
  };
  for (const std::string& content : {std::string(), std::string("some text\n"), std::string(5000, '\0'),
                                     "\x89HDF\r\n\x1a\n" + std::string(5000, 'x')}) {
    write_bytes(path, content);
    CHECK(contains(refused(path), "is not a memscale store"));
    CHECK(file_bytes(path) == content);
    CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5"});
  }
  CHECK(contains(refused(folder.path()), "is a folder"));
  refused(folder.path().string() + "/");
  refused("");
  refused("/dev/null");
  refused("/proc/x.h5");
  refused(path / "below-a-file.h5");
  refused(folder / "absent/a.h5");
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5"});
}

TEST_CASE("a job file too long for the store is refused before the run") {
  const TemporaryFolder folder;
  Writer writer = make_writer();
  writer.command_line = std::string(2 * longest_text, 'x');
  write_store(folder / "a.h5", make_records(1), writer);
  CHECK(read_store(folder / "a.h5").provenance.command_line.size() == longest_text);
  writer.job.text = std::string(longest_text + 1, 'x');
  CHECK_THROWS_AS(ResultStore(folder / "b.h5", writer), InputError);
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5"});
}

TEST_CASE("a damaged snapshot is refused and left alone") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  write_store(path, make_records(5));
  std::string bytes = file_bytes(path);
  bytes[bytes.size() / 2] ^= 1;
  write_bytes(path, bytes);
  CHECK(contains(message_of<InputError>([&] { ResultStore(path, make_writer()); }), "damaged store"));
  CHECK(contains(message_of<InputError>([&] { read_store(path); }), "damaged store"));
  CHECK(file_bytes(path) == bytes);
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5"});
}

TEST_CASE("a journal of a later format is refused and left alone") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  {
    ResultStore store(path, make_writer());
    store.append(make_record(1));
  }
  const fs::path segment = folder / "a.h5.journal/journal-00000001";
  std::string bytes = file_bytes(segment);
  // The first frame: u32 magic, u32 length, u64 id, u64 checksum of these 16 bytes and the payload; i64 format.
  bytes[24] = 77;
  std::uint32_t length = 0;
  std::memcpy(&length, bytes.data() + 4, sizeof length);
  Checksum checksum;
  checksum.add(std::as_bytes(std::span(bytes)).first(16));
  checksum.add(std::as_bytes(std::span(bytes)).subspan(24, length));
  const std::uint64_t value = checksum.value();
  std::memcpy(bytes.data() + 16, &value, sizeof value);
  write_bytes(segment, bytes);
  CHECK(contains(message_of<InputError>([&] { ResultStore(path, make_writer()); }), "format 77"));
  CHECK(contains(message_of<InputError>([&] { read_store(path); }), "format 77"));
  CHECK(file_bytes(segment) == bytes);
}

TEST_CASE("a job that changes what was fixed is refused, and kept beside the other with force") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  write_store(path, {make_record(1)});
  const std::string before = file_bytes(path);
  Writer changed = make_writer();
  changed.job.parameters = "gd.eta=2\nproblem.items=1000\n";
  const std::string message = message_of<InputError>([&] { ResultStore(path, changed); });
  CHECK(contains(message, "gd.eta: 1 -> 2"));
  CHECK(contains(message, "--force"));
  CHECK_FALSE(contains(message, "\n"));
  CHECK(file_bytes(path) == before);
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5"});
  changed.force = true;
  for (int run = 0; run < 2; ++run) {
    write_store(path, {make_record(2)}, changed);
    const StoreContents contents = read_store(path);
    CHECK(same_records(contents.records, sorted_by_id(make_records(3))) == false);
    CHECK(contents.records.size() == 2);
    REQUIRE(contents.provenance.jobs.size() == 2);
    CHECK(contents.provenance.jobs[0] == make_job());
    CHECK(contents.provenance.jobs[1].parameters == changed.job.parameters);
    CHECK(contains(contents.provenance.jobs[1].forced, "gd.eta: 1 -> 2"));
    changed.force = false;  // known by now
  }
  write_store(path, {make_record(3)});
  CHECK(read_store(path).provenance.jobs.size() == 2);
}

TEST_CASE("a journal stays where the background's snapshot is not what it should be") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  ::setenv("MEMSCALE_SNAPSHOT_SECONDS", "0", 1);
  ResultStore store(path, make_writer());
  ::unsetenv("MEMSCALE_SNAPSHOT_SECONDS");
  for (const Record& record : make_records(5)) store.append(record);
  store.snapshot_if_due();
  while (!fs::exists(path)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  store.snapshot_if_due();  // takes the result
  std::vector<Record> others = make_records(5);
  others[3].result.capacity += 1;
  write_snapshot(path, make_provenance(), source_of(others));
  CHECK_THROWS(store.finish());
  CHECK_FALSE(journal_segments(folder / "a.h5.journal").empty());
}

TEST_CASE("only files that killed writers left are cleared away") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  const std::vector<std::string> left{"12", "12-3", "new-12", "new-12.tmp-13", "new-12.tmp-13-1"};
  const std::vector<std::string> own{"backup", "", "12x", "1-", "-1", "new-", "new-12.tmp-", "12-3-4"};
  for (const std::string& mark : left) write_bytes(folder / ("a.h5.tmp-" + mark), "left");
  for (const std::string& mark : own) write_bytes(folder / ("a.h5.tmp-" + mark), "own");
  fs::create_directory(folder / "a.h5.tmp-99");
  write_store(path, make_records(2));
  for (const std::string& mark : left) CHECK_FALSE(fs::exists(folder / ("a.h5.tmp-" + mark)));
  for (const std::string& mark : own) CHECK(fs::exists(folder / ("a.h5.tmp-" + mark)));
  CHECK(fs::is_directory(folder / "a.h5.tmp-99"));
}

TEST_CASE("who may read a store does not change with its snapshots") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  write_store(path, make_records(2));
  const auto only_owner = fs::perms::owner_read | fs::perms::owner_write;
  fs::permissions(path, only_owner);
  write_store(path, make_records(3));
  CHECK(fs::status(path).permissions() == only_owner);
}

TEST_CASE("a snapshot is written in the background while records arrive") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  ::setenv("MEMSCALE_SNAPSHOT_SECONDS", "0", 1);
  std::size_t snapshots = 0;
  {
    ResultStore store(path, make_writer());
    ino_t last = 0;
    std::int64_t i = 0;
    for (; i < 200'000 && snapshots < 5; ++i) {
      store.append(make_record(i % 3000));
      store.snapshot_if_due();
      struct stat status {};
      if (::stat(path.c_str(), &status) != 0 || status.st_ino == last) continue;
      last = status.st_ino;
      ++snapshots;
      const StoreContents contents = read_store(path);
      REQUIRE(contents.records.size() == static_cast<std::size_t>(std::min<std::int64_t>(i + 1, 3000)));
    }
    for (; i < 3000; ++i) store.append(make_record(i));
    store.finish();
  }
  ::unsetenv("MEMSCALE_SNAPSHOT_SECONDS");
  CHECK(snapshots >= 1);
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5"});
  write_store(folder / "b.h5", make_records(3000));
  CHECK(file_bytes(path) == file_bytes(folder / "b.h5"));
}

TEST_CASE("a torn tail costs its own trial and the next run makes it good") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  {
    ResultStore store(path, make_writer());
    for (const Record& record : make_records(3)) store.append(record);
  }
  const fs::path segment = folder / "a.h5.journal/journal-00000001";
  fs::resize_file(segment, fs::file_size(segment) - 1);
  {
    ResultStore store(path, make_writer());
    CHECK(store.size() == 2);
    CHECK(store.has_result(trial_id(make_record(1).trial)));
    store.append(make_record(2));
    store.finish();
  }
  write_store(folder / "b.h5", make_records(3));
  CHECK(file_bytes(path) == file_bytes(folder / "b.h5"));
}

TEST_CASE("any sequence of appends, restarts and finishes agrees with a map") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  std::mt19937_64 random(5);
  std::map<std::uint64_t, Record> model;
  auto store = std::make_unique<ResultStore>(path, make_writer());
  const auto reopen = [&] {
    store.reset();
    store = std::make_unique<ResultStore>(path, make_writer());
  };
  for (int i = 0; i < 2000; ++i) {
    const auto which = static_cast<std::int64_t>(random() % 200);
    const bool fails = random() % 3 == 0;
    Record record = fails ? make_failure(which, "attempt " + std::to_string(i)) : make_record(which);
    record.cost.seconds = static_cast<double>(i);
    const std::uint64_t id = trial_id(record.trial);
    const auto held = model.find(id);
    if (held == model.end() || held->second.result.status == TrialStatus::failed) model[id] = record;
    store->append(record);
    if (random() % 50 == 0) reopen();
    if (random() % 100 == 0) {
      store->finish();
      reopen();
    }
    REQUIRE(store->status_of(id) == model[id].result.status);
    REQUIRE(store->has_result(id) == is_finished(model[id]));
    if (i % 100 != 0) continue;
    std::vector<Record> expected;
    for (const auto& [known, entry] : model) expected.push_back(entry);
    REQUIRE(store->size() == expected.size());
    REQUIRE(same_records(read_store(path).records, expected));
  }
}
