#include <unistd.h>

#include "catch.hpp"
#include "memory_limit.hpp"
#include "memscale/core/error.hpp"
#include "memscale/store/journal.hpp"
#include "snapshot_fixture.hpp"

using namespace memscale;
namespace fs = std::filesystem;

TEST_CASE("changed bytes of a snapshot are noticed") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  write_snapshot(path, make_provenance(), source_of(some_records()));
  const std::vector<std::byte> whole = bytes_of_file(path);
  const FileDescriptor file = open_file(path, O_RDWR);
  // All stand under one checksum: of the content, some are enough.
#ifdef MEMSCALE_SANITIZE
  constexpr std::size_t step = 101;
#else
  constexpr std::size_t step = 7;
#endif
  const Seal seal = read_seal(file, path);
  for (std::size_t i = 0; i < whole.size(); i += i < seal.catalog ? step : 1) {
    const std::byte changed = whole[i] ^ static_cast<std::byte>(1 << (i % 8));
    REQUIRE(::pwrite(file.get(), &changed, 1, static_cast<off_t>(i)) == 1);
    REQUIRE_THROWS_AS(open_snapshot(path), InputError);
    REQUIRE(::pwrite(file.get(), &whole[i], 1, static_cast<off_t>(i)) == 1);
  }
  CHECK(same_records(read_snapshot(path), some_records()));
}

TEST_CASE("a snapshot cut short or made longer is refused") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  write_snapshot(path, make_provenance(), source_of(make_records(20)));
  const std::string whole = file_bytes(path);
  std::mt19937_64 random(1);
  for (std::size_t size = 0; size < whole.size(); size += 1 + random() % (whole.size() / 300)) {
    rewrite(path, whole.substr(0, size));
    REQUIRE_THROWS_AS(open_snapshot(path), InputError);
  }
  rewrite(path, whole + '\0');
  REQUIRE_THROWS_AS(open_snapshot(path), InputError);
}

TEST_CASE("a snapshot that is sealed but wrong is refused with the reason") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  const std::vector<Record> records = some_records();
  write_snapshot(path, make_provenance(), source_of(records));
  SnapshotParts parts = take_apart(path);
  const auto refusal = [&] {
    put_together(path, parts);
    return message_of<InputError>([&] { read_snapshot(path); });
  };
  REQUIRE(refusal() == "nothing thrown");
  const auto row_where = [&](const auto& holds) {
    return static_cast<std::size_t>(std::find_if(records.begin(), records.end(), holds) - records.begin());
  };
  const std::size_t longest = row_where([](const Record& record) { return record.result.steps_done == 3; });
  const std::size_t failed = row_where([](const Record& record) { return !is_finished(record); });
  SECTION("a changed parameter") {
    set_value(parts, "trials/d", std::int64_t{123});
    CHECK(contains(refusal(), "have another id"));
  }
  SECTION("a changed result") {
    set_value(parts, "trials/accuracy", 0.75);
    CHECK(contains(refusal(), "does not match its digest"));
  }
  SECTION("a changed step") {
    set_value(parts, "traces/gradient_norm", 0.25, longest * 3 + 1);
    CHECK(contains(refusal(), "does not match its digest"));
  }
  SECTION("a changed digest") {
    set_value(parts, "trials/digest", 'e', 0);
    set_value(parts, "trials/digest", 'f', 1);
    CHECK(refusal() != "nothing thrown");
  }
  SECTION("a digest that is no number") {
    set_value(parts, "trials/digest", 'x');
    CHECK(contains(refusal(), "no id"));
  }
  SECTION("ids out of order") {
    set_value(parts, "trials/trial_id", std::uint64_t{0x6666666666666666});
    CHECK(contains(refusal(), "out of order"));
  }
  SECTION("an enum's code without a name") {
    set_value(parts, "trials/optimizer_id", std::int32_t{77});
    CHECK(contains(refusal(), "trials/optimizer_id has a code without a name"));
  }
  SECTION("a status without a name") {
    set_value(parts, "trials/status_id", std::int32_t{-1});
    CHECK(contains(refusal(), "trials/status_id has a code without a name"));
  }
  SECTION("a failure that is none") {
    set_value(parts, "trials/status_id", std::int32_t{0}, failed);
    CHECK(contains(refusal(), "its failures are not those of its trials"));
  }
  SECTION("another trial's failure") {
    set_value(parts, "failures/trial_id", 'z');
    CHECK(contains(refusal(), "damaged store"));
  }
  SECTION("fewer than no steps, and more than can be counted") {
    for (const std::int64_t steps : {std::int64_t{-1}, std::int64_t{1} << 40}) {
      set_value(parts, "trials/steps_done", steps, longest);
      CHECK(contains(refusal(), "a count that cannot be"));
    }
  }
  const auto set_columns = [&](std::uint64_t columns) {
    for (CatalogTable& table : parts.catalog.tables)
      if (table.name.starts_with("traces/") && table.name != "traces/group_loss") table.grid.columns = columns;
  };
  const auto set_steps = [&](std::int64_t done, std::int64_t planned) {
    set_value(parts, "trials/steps_done", done, longest);
    set_value(parts, "trials/steps", planned, longest);
  };
  SECTION("more steps than there are columns") {
    set_columns(2);
    CHECK(contains(refusal(), "fewer numbers than its trials"));
  }
  SECTION("more columns than steps") {
    set_columns(4);
    CHECK(contains(refusal(), "traces/capacity has more numbers than its trials"));
  }
  SECTION("as many steps as there are columns, which hold nothing") {
    set_steps(1'600'000, 1'600'000);
    set_columns(1'600'000);
    CHECK(refusal() != "nothing thrown");
  }
  SECTION("more steps than were to be done, and than a record can hold: refused before any trace is read") {
    const auto entries_refusal = [&] {
      put_together(path, parts);
      SnapshotFile file = open_snapshot(path);
      return message_of<InputError>([&] { file.entries(); });
    };
    set_steps(3, 2);
    CHECK(contains(entries_refusal(), "more steps than were to be done"));
    for (const std::int64_t steps : {std::int64_t{longest_payload / 40 + 1}, std::int64_t{4'000'000'000}}) {
      set_steps(steps, steps);
      set_columns(static_cast<std::uint64_t>(steps));
      CHECK(contains(entries_refusal(), "more steps than were to be done"));
    }
  }
  SECTION("long rows in chunks that hold a step each of very many trials") {
    set_steps(1000, 1000);
    for (CatalogTable& table : parts.catalog.tables)
      if (table.name.starts_with("traces/") && table.name != "traces/group_loss")
        table.grid = {table.grid.rows, 1000, 8192, 1};
    CHECK(contains(refusal(), "has chunks that are too high"));
  }
  SECTION("failures that are fewer than their trials") {
    set_value(parts, "trials/status_id", std::int32_t{2}, failed == 0 ? 1 : 0);
    CHECK(contains(refusal(), "its failures are not those of its trials"));
  }
  SECTION("a table without its chunks") {
    table_of(parts, "traces/capacity").chunks.clear();
    CHECK(contains(refusal(), "traces/capacity misses numbers"));
  }
  SECTION("recall of more items than the bin has") {
    set_value(parts, "recall/recovered", std::int32_t{2});
    CHECK(contains(refusal(), "recall is not within its bin"));
  }
  SECTION("rows as many as no one could store") {
    parts.catalog.rows = std::uint64_t{1} << 60;
    for (CatalogTable& table : parts.catalog.tables)
      if (!table.name.starts_with("failures/")) table.grid.rows = std::uint64_t{1} << 60;
    CHECK(contains(refusal(), "more trials than its size explains"));
  }
  SECTION("more rows than a column has") {
    parts.catalog.rows += 1;
    CHECK(contains(refusal(), "has not a value for each trial"));
  }
  SECTION("a column that is shorter") {
    table_of(parts, "trials/capacity").grid.rows -= 1;
    CHECK(contains(refusal(), "trials/capacity has not a value for each trial"));
  }
  SECTION("a table that is shorter") {
    table_of(parts, "traces/prefix").grid.rows -= 1;
    CHECK(contains(refusal(), "traces/prefix has not a row for each trial"));
  }
  SECTION("a column without a chunk") {
    table_of(parts, "cost/host").chunks.clear();
    CHECK(contains(refusal(), "cost/host has not a value for each trial"));
  }
  SECTION("a column of another kind") {
    table_of(parts, "trials/capacity").kind = ValueKind::real;
    CHECK(contains(refusal(), "trials/capacity is of another kind"));
  }
  SECTION("a chunk of another length") {
    CatalogTable& table = table_of(parts, "trials/capacity");
    replace_chunk(parts, table, table.chunks[0], std::vector<std::byte>(table.chunk_bytes() + 8));
    CHECK(contains(refusal(), "trials/capacity has a chunk that cannot be decompressed"));
  }
  for (const char* name : {"trials/capacity", "trials/trial_id", "trials/digest", "cost/host", "failures/message",
                           "failures/trial_id", "traces/train_loss", "recall/recovered"})
    SECTION(std::string("without ") + name) {
      remove_table(parts, name);
      CHECK(contains(refusal(), std::string("damaged store: dataset ") + name + " is missing"));
    }
  SECTION("a catalog that is none") {
    put_sealed(path, parts.content, std::vector<std::byte>(100, std::byte{255}));
    CHECK(contains(message_of<InputError>([&] { read_snapshot(path); }), "damaged store"));
    put_sealed(path, parts.content, {});
    CHECK(contains(message_of<InputError>([&] { read_snapshot(path); }), "damaged store"));
  }
}

#ifndef MEMSCALE_SANITIZE  // whose memory cannot be limited
TEST_CASE("a snapshot for which memory does not suffice is refused") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  Record record = make_record(1);
  add_traces(record, 1'000'000, 100, 1);
  write_snapshot(path, make_provenance(), source_of({record}));
  SnapshotFile file = open_snapshot(path);
  const std::vector<IndexEntry> entries = file.entries();
  {
    const MemoryLimit limit(std::size_t{1} << 22);
    const std::vector<IndexEntry> again = file.entries();
    CHECK(contains(message_of<InputError>([&] { file.read(again[0], {}); }), "takes too much memory"));
  }
  CHECK(file.read(entries[0], {}).trace.capacity.size() == 1'000'000);
}
#endif
