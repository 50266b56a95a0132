// Not "we killed it a few times": the first, second, ... system call of each kind fails in each way, once or from then
// on, or the process dies there, until a whole run no longer meets the fault.
#include <stdlib.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "catch.hpp"
#include "fault_loop.hpp"
#include "store/store_fixture.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t in_snapshot = 3, in_journal = 3, appended = 6, all = in_snapshot + in_journal + appended;

/// A store that a run left: a snapshot, a journal.
void make_left_store(const fs::path& folder) {
  write_store(folder / "a.h5", make_records(in_snapshot));
  ResultStore store(folder / "a.h5", make_writer());
  for (std::int64_t i = in_snapshot; i < in_snapshot + in_journal; ++i) store.append(make_record(i));
  store.sync();
}

std::size_t threads_of_process() {
  const fs::directory_iterator tasks("/proc/self/task");
  return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

enum class Snapshots { at_the_end, meanwhile };

/// A run to the end. `meanwhile`: with snapshots on the store's own thread, too, one of which works beside the appends,
/// while the next is waited for.
void complete(const fs::path& folder, volatile std::uint64_t& acknowledged, Snapshots snapshots) {
  ::setenv("MEMSCALE_SNAPSHOT_SECONDS", snapshots == Snapshots::meanwhile ? "0" : "30", 1);
  const std::size_t threads = threads_of_process();
  ResultStore store(folder / "a.h5", make_writer());
  const std::size_t held = store.size();
  for (std::int64_t i = 0; i < all; ++i) {
    if (store.has_result(trial_id(make_record(i).trial))) continue;
    store.append(make_record(i));
    if (i % 2 == 0) store.sync();
    acknowledged = held + store.synced();
    store.snapshot_if_due();
    while (i == all - 3 && threads_of_process() > threads) std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
  store.finish();
  acknowledged = all;
}

std::string undisturbed_file() {
  const TemporaryFolder folder;
  write_store(folder / "a.h5", make_records(all));
  return file_bytes(folder / "a.h5");
}

Scenario run_scenario(const std::string& name, Snapshots snapshots) {
  using enum SystemCall;
  const auto act = [snapshots](const fs::path& folder, volatile std::uint64_t& acknowledged) {
    acknowledged = in_snapshot + in_journal;
    complete(folder, acknowledged, snapshots);
  };
  const auto check = [undisturbed = undisturbed_file()](const fs::path& folder, std::uint64_t acknowledged) {
    // Nothing acknowledged is lost, nothing is invented, and a run completes the store.
    const std::vector<Record> held = read_store(folder / "a.h5").records;
    REQUIRE(held.size() >= std::max<std::uint64_t>(acknowledged, in_snapshot + in_journal));
    REQUIRE(same_records(held, sorted_by_id(make_records(static_cast<std::int64_t>(held.size())))));
    std::uint64_t now_safe = 0;
    complete(folder, now_safe, Snapshots::at_the_end);
    REQUIRE(file_bytes(folder / "a.h5") == undisturbed);
    REQUIRE(names_in(folder) == std::vector<std::string>{"a.h5"});
  };
  return {name,
          {open, write, pread, pwrite, fsync, fdatasync, ftruncate, rename, unlink, mkdir, rmdir, lock, close},
          make_left_store,
          act,
          check};
}

}  // namespace

TEST_CASE("any system call of a run may fail at any time") {
  fail_every_call(run_scenario("a run", Snapshots::at_the_end));
  fail_every_call(run_scenario("a run with snapshots meanwhile", Snapshots::meanwhile));
}

TEST_CASE("a run may die at any system call") {
  exit_at_every_call(run_scenario("a run", Snapshots::at_the_end));
  exit_at_every_call(run_scenario("a run with snapshots meanwhile", Snapshots::meanwhile));
}

TEST_CASE("a failed fdatasync is not tried again") {
  const TemporaryFolder folder;
  ResultStore store(folder / "a.h5", make_writer());
  store.append(make_record(0));
  store.sync();
  store.append(make_record(1));
  {
    const Fault fault{SystemCall::fdatasync, EIO, 1, false};
    const ArmedFault armed(fault);
    CHECK_THROWS_AS(store.sync(), std::system_error);
  }
  const CallLog log;
  CHECK_THROWS_AS(store.sync(), std::system_error);
  CHECK_THROWS_AS(store.append(make_record(2)), std::system_error);
  CHECK_THROWS_AS(store.finish(), std::runtime_error);
  CHECK(store.synced() == 1);
  CHECK(log.names().empty());
}

TEST_CASE("an fdatasync beside the appends that fails ends them") {
  const TemporaryFolder folder;
  ResultStore store(folder / "a.h5", make_writer());
  {
    const Fault fault{SystemCall::fdatasync, EIO, 1, false};
    const ArmedFault armed(fault);
    const auto append = [&] {
      for (int i = 0; i < 20'000; ++i) store.append(make_record(i));
    };
    CHECK_THROWS_AS(append(), std::system_error);
    CHECK(armed.has_fired());
  }
  const CallLog log;
  CHECK_THROWS_AS(store.sync(), std::system_error);
  CHECK_THROWS_AS(store.append(make_record(30'000)), std::system_error);
  CHECK(store.synced() == 0);
  CHECK(log.names().empty());
}

TEST_CASE("a snapshot that does not read back does not replace the last one") {
  const TemporaryFolder folder;
  make_left_store(folder.path());
  const std::string before = file_bytes(folder / "a.h5");
  ResultStore store(folder / "a.h5", make_writer());
  {
    const Fault fault{SystemCall::write, Fault::garbled_write, 1, true};
    const ArmedFault armed(fault);
    CHECK_THROWS_AS(store.finish(), std::runtime_error);
  }
  CHECK(file_bytes(folder / "a.h5") == before);
  CHECK(read_store(folder / "a.h5").records.size() == in_snapshot + in_journal);
  store.finish();
  CHECK(read_store(folder / "a.h5").records.size() == in_snapshot + in_journal);
}

TEST_CASE("the journal stays where the last snapshot does not read back at the end") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  ::setenv("MEMSCALE_SNAPSHOT_SECONDS", "0", 1);
  ResultStore store(path, make_writer());
  for (std::int64_t i = 0; i < 4; ++i) store.append(make_record(i));
  const std::size_t threads = threads_of_process();
  store.snapshot_if_due();
  while (threads_of_process() > threads) std::this_thread::sleep_for(std::chrono::microseconds(100));
  const std::string whole = file_bytes(path);
  REQUIRE_FALSE(whole.empty());
  std::string damaged = whole;
  damaged[whole.size() / 2] = static_cast<char>(~damaged[whole.size() / 2]);
  write_bytes(path, damaged);
  CHECK_THROWS_AS(store.finish(), std::runtime_error);
  fs::remove(path);
  CHECK(same_records(read_store(path).records, sorted_by_id(make_records(4))));
}

TEST_CASE("data are synced before they are named, and names before what they replace is removed") {
  const TemporaryFolder folder;
  const CallLog log;
  {
    ResultStore store(folder / "a.h5", make_writer());
    store.append(make_record(0));
    store.sync();
    store.finish();
  }
  const std::vector<std::string> expected{"mkdir",
                                          "fsync",   // the journal's folder and its name
                                          "create",  // the lock
                                          "create exclusively",
                                          "fsync",      // the segment and its name
                                          "fdatasync",  // the record
                                          "create exclusively",
                                          "fsync",
                                          "rename",
                                          "fsync",  // the snapshot's bytes, its name
                                          "unlink",
                                          "fsync",  // the segment
                                          "unlink",
                                          "unlink",  // what the run said of itself
                                          "unlink",
                                          "unlink",  // whose ranks had died
                                          "unlink",
                                          "rmdir",
                                          "fsync"};  // lock, folder
  CHECK(log.names() == expected);
}
