// Merging and pruning when system calls fail, as every_call.cpp does it for a run: what was there stays whole, and
// doing it again does it.
#include "catch.hpp"
#include "fault_loop.hpp"
#include "memscale/store/merge_stores.hpp"
#include "memscale/store/prune_store.hpp"
#include "store/store_fixture.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t all = 12;

std::vector<Record> records_between(std::int64_t first, std::int64_t end) {
  std::vector<Record> records;
  for (std::int64_t i = first; i < end; ++i) records.push_back(make_record(i));
  return records;
}

/// a.h5 is a finished store, b.h5 one that a run left; they share trials.
void make_two_stores(const fs::path& folder) {
  write_store(folder / "a.h5", records_between(0, 7));
  write_store(folder / "b.h5", records_between(5, 9));
  ResultStore store(folder / "b.h5", make_writer());
  for (const Record& record : records_between(9, all)) store.append(record);
}

void merge(const fs::path& folder) {
  const std::vector<MergeInput> inputs{{folder / "a.h5", open_store(folder / "a.h5")},
                                       {folder / "b.h5", open_store(folder / "b.h5")}};
  const MergedStores merged = merge_stores(inputs, OtherJobs::refused);
  write_new_store(folder / "c.h5", merged.provenance, merged.source);
}

bool is_optimizer(const Record& record, OptimizerKind kind) {
  return record.trial.optimizer == kind;
}

/// Removes the trials of gd.
void prune(const fs::path& folder) {
  prune_store(folder / "b.h5", {{}, {FieldCondition("optimizer=gd")}}, PruneMode::remove);
}

std::vector<Record> kept_by_prune(std::vector<Record> records) {
  std::erase_if(records, [](const Record& record) { return is_optimizer(record, OptimizerKind::gd); });
  return records;
}

Scenario merge_scenario() {
  using enum SystemCall;
  const TemporaryFolder undisturbed;
  make_two_stores(undisturbed.path());
  merge(undisturbed.path());
  const auto act = [](const fs::path& folder, volatile std::uint64_t&) { merge(folder); };
  const auto check = [whole = file_bytes(undisturbed / "c.h5")](const fs::path& folder, std::uint64_t) {
    REQUIRE(same_records(read_store(folder / "a.h5").records, sorted_by_id(records_between(0, 7))));
    REQUIRE(same_records(read_store(folder / "b.h5").records, sorted_by_id(records_between(5, all))));
    if (!fs::exists(folder / "c.h5")) merge(folder);
    REQUIRE(file_bytes(folder / "c.h5") == whole);
  };
  return {"merge", {open, write, pread, fsync, rename, mkdir, rmdir, lock, close}, make_two_stores, act, check};
}

Scenario prune_scenario() {
  using enum SystemCall;
  const TemporaryFolder undisturbed;
  make_two_stores(undisturbed.path());
  prune(undisturbed.path());
  const auto act = [](const fs::path& folder, volatile std::uint64_t&) { prune(folder); };
  const auto check = [whole = file_bytes(undisturbed / "b.h5")](const fs::path& folder, std::uint64_t) {
    const std::vector<Record> before = sorted_by_id(records_between(5, all)), after = kept_by_prune(before);
    REQUIRE(before.size() > after.size());
    const std::vector<Record> held = read_store(folder / "b.h5").records;
    REQUIRE((same_records(held, before) || same_records(held, after)));
    prune(folder);
    REQUIRE(same_records(read_store(folder / "b.h5").records, after));
    ResultStore(folder / "b.h5", make_writer()).finish();
    REQUIRE(file_bytes(folder / "b.h5") == whole);
    REQUIRE(names_in(folder) == std::vector<std::string>{"a.h5", "b.h5"});
  };
  return {"prune", {open, write, pread, fsync, rename, unlink, mkdir, rmdir, lock, close}, make_two_stores, act, check};
}

}  // namespace

TEST_CASE("any system call of merging may fail at any time") {
  fail_every_call(merge_scenario());
  exit_at_every_call(merge_scenario());
}

TEST_CASE("any system call of pruning may fail at any time") {
  fail_every_call(prune_scenario());
  exit_at_every_call(prune_scenario());
}
