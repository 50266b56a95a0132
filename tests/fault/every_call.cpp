// Not "we killed it a few times": the first, second, ... system call of each kind fails in each way, once or from then
// on, or the process dies there, until a whole run no longer meets the fault.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "catch.hpp"
#include "store/store_fixture.hpp"
#include "system_calls.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t in_snapshot = 3, in_journal = 3, appended = 4, all = in_snapshot + in_journal + appended;

/// A store that a run left: a snapshot, a journal.
void make_left_store(const fs::path& path) {
  write_store(path, make_records(in_snapshot));
  ResultStore store(path, make_provenance());
  for (std::int64_t i = in_snapshot; i < in_snapshot + in_journal; ++i) store.append(make_record(i));
  store.sync();
}

/// A run to the end. Sets `acknowledged` to the number of records that are said to be safe.
void complete(const fs::path& path, volatile std::uint64_t& acknowledged) {
  ResultStore store(path, make_provenance());
  const std::size_t held = store.records().size();
  for (std::int64_t i = 0; i < all; ++i) {
    if (store.has_result(trial_id(make_record(i).trial))) continue;
    store.append(make_record(i));
    if (i % 2 == 0) store.sync();
    acknowledged = held + store.synced();
  }
  store.finish();
  acknowledged = all;
}

/// After whatever happened in `folder`: nothing acknowledged is lost, and a run completes the store.
void require_sound(const TemporaryFolder& folder, std::uint64_t acknowledged, const std::string& undisturbed) {
  const fs::path path = folder / "a.h5";
  const std::vector<Record> held = read_store(path).records;
  REQUIRE(held.size() >= acknowledged);
  REQUIRE(same_records(held, sorted_by_id(make_records(static_cast<std::int64_t>(held.size())))));
  std::uint64_t now_safe = 0;
  complete(path, now_safe);
  REQUIRE(file_bytes(path) == undisturbed);
  REQUIRE(names_in(folder.path()) == std::vector<std::string>{"a.h5"});
}

std::string undisturbed_file() {
  const TemporaryFolder folder;
  write_store(folder / "a.h5", make_records(all));
  return file_bytes(folder / "a.h5");
}

std::vector<int> errors_of(SystemCall call) {
  switch (call) {
    case SystemCall::write:
      return {ENOSPC, EIO, EDQUOT, EINTR, Fault::short_write};
    case SystemCall::open:
      return {EMFILE, EACCES, EINTR};
    default:
      return {EIO, ENOSPC};
  }
}

/// The same run with the fault; an exception is the way to say that something failed. Returns whether the fault came.
bool survive(const Fault& fault, const std::string& undisturbed) {
  // A call that is interrupted for ever cannot end.
  if (fault.error == EINTR && fault.for_good) return false;
  const TemporaryFolder folder;
  make_left_store(folder / "a.h5");
  std::uint64_t acknowledged = in_snapshot + in_journal;
  bool fired = false;
  {
    const ArmedFault armed(fault);
    try {
      complete(folder / "a.h5", acknowledged);
    } catch (const std::runtime_error& error) {
      REQUIRE(std::string(error.what()).find('\n') == std::string::npos);
    }
    fired = armed.has_fired();
  }
  require_sound(folder, acknowledged, undisturbed);
  return fired;
}

}  // namespace

TEST_CASE("any system call may fail at any time") {
  const std::string undisturbed = undisturbed_file();
  for (int kind = 0; kind < system_calls; ++kind)
    for (const int error : errors_of(static_cast<SystemCall>(kind)))
      for (const bool for_good : {false, true}) {
        Fault fault{static_cast<SystemCall>(kind), error, 1, for_good};
        INFO("system call " << kind << " errno " << error << (for_good ? " for good" : " once"));
        while (survive(fault, undisturbed)) ++fault.nth;
        if (error != EINTR && fault.call != SystemCall::ftruncate) CHECK(fault.nth > 1);
      }
}

TEST_CASE("the process may die at any system call") {
  const std::string undisturbed = undisturbed_file();
  void* shared = ::mmap(nullptr, sizeof(std::uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(shared != MAP_FAILED);
  auto& acknowledged = *static_cast<volatile std::uint64_t*>(shared);
  for (int kind = 0; kind < system_calls; ++kind) {
    Fault fault{static_cast<SystemCall>(kind), Fault::exit_before, 1, false};
    for (bool completed = false; !completed; ++fault.nth) {
      INFO("system call " << kind << ", time " << fault.nth);
      const TemporaryFolder folder;
      make_left_store(folder / "a.h5");
      acknowledged = in_snapshot + in_journal;
      const pid_t writer = ::fork();
      REQUIRE(writer >= 0);
      if (writer == 0) {
        const ArmedFault armed(fault);
        complete(folder / "a.h5", acknowledged);
        ::_exit(7);
      }
      int status = 0;
      REQUIRE(::waitpid(writer, &status, 0) == writer);
      REQUIRE(WIFEXITED(status));
      completed = WEXITSTATUS(status) == 7;
      require_sound(folder, acknowledged, undisturbed);
    }
  }
  ::munmap(shared, sizeof(std::uint64_t));
}

TEST_CASE("a failed fdatasync is not tried again") {
  const TemporaryFolder folder;
  ResultStore store(folder / "a.h5", make_provenance());
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

TEST_CASE("a snapshot that does not read back does not replace the last one") {
  const TemporaryFolder folder;
  make_left_store(folder / "a.h5");
  const std::string before = file_bytes(folder / "a.h5");
  ResultStore store(folder / "a.h5", make_provenance());
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

TEST_CASE("data are synced before they are named, and names before what they replace is removed") {
  const TemporaryFolder folder;
  const CallLog log;
  {
    ResultStore store(folder / "a.h5", make_provenance());
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
                                          "unlink",
                                          "rmdir",
                                          "fsync"};  // segment, lock, folder
  CHECK(log.names() == expected);
}
