// Records of orthogonal memories, alone and among gaussian ones: what format 4 added.

#include <random>

#include "catch.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/record_bytes.hpp"
#include "memscale/store/journal.hpp"
#include "memscale/store/merge_stores.hpp"
#include "memscale/store/prune_store.hpp"
#include "snapshot_fixture.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

/// Both models, with trials that failed, diverged at once or later, or did no step.
std::vector<Record> mixed_records(std::int64_t count) {
  std::vector<Record> records;
  for (std::int64_t i = 0; i < count; ++i) {
    Record record = i % 3 == 0 ? make_record(i) : make_orthogonal_record(i);
    if (i % 11 == 5) {
      const Trial trial = record.trial;
      record = make_failure(i, "no memory");
      record.trial = trial;
    }
    if (i % 11 == 6) record.result.status = TrialStatus::diverged;
    records.push_back(std::move(record));
  }
  return records;
}

bool is_orthogonal(const Record& record) {
  return record.trial.model == ModelKind::orthogonal;
}

/// Some orthogonal, some gaussian, of any lengths.
std::vector<Record> random_records(std::mt19937_64& random) {
  std::vector<Record> records;
  const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random() % n); };
  const std::uint64_t most_steps = std::vector<std::uint64_t>{2, 15, 150, 3000}[random() % 4];
  const bool only_gaussian = random() % 5 == 0;
  const std::uint64_t most_groups = std::vector<std::uint64_t>{2, 30, 100'000}[random() % 3];
  for (std::int64_t i = 0, count = below(80); i < count; ++i) {
    records.push_back(only_gaussian || random() % 3 == 0 ? make_record(i) : make_orthogonal_record(i));
    if (is_orthogonal(records.back())) records.back().trial.groups = 1 + below(most_groups);
    add_traces(records.back(), below(most_steps), 1 + below(5000), i);
    if (random() % 9 == 0) records.back().recall.clear();
  }
  return records;
}

const CatalogTable& find_table(const SnapshotParts& parts, const std::string& name) {
  const CatalogTable* table = parts.catalog.find(name);
  REQUIRE(table);
  return *table;
}

}  // namespace

TEST_CASE("records of both models come back from journal, snapshot, merged and pruned stores") {
  const TemporaryFolder folder;
  const std::vector<Record> records = mixed_records(400), sorted = sorted_by_id(records);
  const fs::path path = folder / "a.h5";
  {
    ResultStore store(path, make_writer());
    store.append(std::span(records).first(250));
  }
  CHECK(same_records(read_store(path).records,
                     sorted_by_id(std::vector<Record>(records.begin(), records.begin() + 250))));
  {
    ResultStore store(path, make_writer());
    store.append(std::span(records).subspan(250));
  }
  CHECK(same_records(read_store(path).records, sorted));
  ResultStore(path, make_writer()).finish();
  CHECK(same_records(read_store(path).records, sorted));

  write_store(folder / "b.h5", {records.begin(), records.begin() + 300});
  {
    ResultStore store(folder / "c.h5", make_writer());
    store.append(std::span(records).subspan(200));
  }
  const MergedStores merged =
      merge_stores({{folder / "c.h5", open_store(folder / "c.h5")}, {folder / "b.h5", open_store(folder / "b.h5")}},
                   OtherJobs::refused);
  write_new_store(folder / "d.h5", merged.provenance, merged.source);
  CHECK(same_records(read_store(folder / "d.h5").records, sorted));

  RecordFilter gaussian;
  gaussian.conditions.emplace_back("model=gaussian");
  prune_store(path, gaussian, PruneMode::remove);
  std::vector<Record> kept = sorted;
  std::erase_if(kept, [](const Record& record) { return !is_orthogonal(record); });
  REQUIRE((!kept.empty() && kept.size() < sorted.size()));
  CHECK(same_records(read_store(path).records, kept));
}

TEST_CASE("orthogonal records of any steps and groups come back, and their entries say the same") {
  const TemporaryFolder folder;
  std::mt19937_64 random(17);
  for (int round = 0; round < 25; ++round) {
    const std::vector<Record> records = random_records(random);
    write_and_compare(folder / "a.h5", records);
    const RecordSource source = source_of(records);
    const std::vector<IndexEntry> entries = open_snapshot(folder / "a.h5").entries();
    REQUIRE(entries.size() == records.size());
    for (std::size_t row = 0; row < entries.size(); ++row) {
      const IndexEntry& known = source.entries[row];
      REQUIRE(entries[row].group_losses == known.group_losses);
      REQUIRE(entries[row].digest == known.digest);
      const std::vector<std::byte> bytes = encode_record(source.read(known));
      REQUIRE(summarize_record(bytes).group_losses == known.group_losses);
      REQUIRE(summarize_record(bytes).digest == known.digest);
    }
  }
}

TEST_CASE("a store of gaussian trials pays nothing for traces that they have not") {
  const TemporaryFolder folder;
  write_snapshot(folder / "a.h5", make_provenance(), source_of(make_records(500)));
  const SnapshotParts gaussian = take_apart(folder / "a.h5");
  CHECK(find_table(gaussian, "traces/group_loss").grid.columns == 0);
  for (const char* name : {"traces/gap", "traces/min_probability", "traces/max_probability", "traces/group_loss"}) {
    CHECK(find_table(gaussian, name).chunks.empty());
    CHECK(find_table(gaussian, name).grid.rows == 500);
  }
  CHECK(find_table(gaussian, "traces/gap").grid.columns == find_table(gaussian, "traces/capacity").grid.columns);

  std::vector<Record> records = make_records(500);
  std::size_t longest = 0;
  for (std::int64_t i = 0; i < 10; ++i) {
    records.push_back(make_orthogonal_record(1000 + i));
    longest = std::max(longest, records.back().trace.group_loss.size());
  }
  write_snapshot(folder / "b.h5", make_provenance(), source_of(records));
  CHECK(find_table(take_apart(folder / "b.h5"), "traces/group_loss").grid.columns == longest);
}

TEST_CASE("a million steps of an orthogonal trial fit into a frame of the journal") {
  Record record = make_orthogonal_record(1);
  record.trial.groups = 100'000'000;
  add_traces(record, 1'000'000, 100'000'000, 1);
  CHECK(encode_record(record).size() > 64'000'000);
  CHECK(encode_record(record).size() < longest_payload);
}

TEST_CASE("a snapshot of orthogonal trials that is sealed but wrong is refused with the reason") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  std::vector<Record> records;
  for (std::int64_t i = 1; i < 5; ++i) records.push_back(make_orthogonal_record(i));
  records.push_back(make_record(1));
  records = sorted_by_id(records);
  write_snapshot(path, make_provenance(), source_of(records));
  SnapshotParts parts = take_apart(path);
  const auto refusal = [&] {
    put_together(path, parts);
    return message_of<InputError>([&] { read_snapshot(path); });
  };
  const auto row_of = [&](const auto& holds) {
    return static_cast<std::size_t>(std::find_if(records.begin(), records.end(), holds) - records.begin());
  };
  const std::size_t gaussian = row_of([](const Record& record) { return !is_orthogonal(record); });
  const std::size_t orthogonal = row_of(is_orthogonal);
  const std::size_t columns = table_of(parts, "traces/group_loss").grid.columns;
  REQUIRE(columns == table_of(parts, "traces/group_loss").grid.chunk_columns);
  REQUIRE(refusal() == "nothing thrown");
  SECTION("a changed loss of a group") {
    set_value(parts, "traces/group_loss", 0.25, orthogonal * columns);
    CHECK(contains(refusal(), "does not match its digest"));
  }
  SECTION("a changed gap") {
    set_value(parts, "traces/gap", 0.25, orthogonal * table_of(parts, "traces/gap").grid.chunk_columns);
    CHECK(contains(refusal(), "does not match its digest"));
  }
  SECTION("a changed result") {
    set_value(parts, "trials/rho_0_5", 0.125, orthogonal);
    CHECK(contains(refusal(), "does not match its digest"));
  }
  SECTION("a result that a gaussian trial does not have, of which its digest knows nothing") {
    for (const std::string name : {"loss_floor", "imbalance", "rho_0_001"}) {
      parts = take_apart(path);
      set_value(parts, "trials/" + name, 0.125, gaussian);
      CHECK(contains(refusal(), "a gaussian trial has fields of orthogonal ones"));
      write_snapshot(path, make_provenance(), source_of(records));
    }
  }
  SECTION("a parameter that a gaussian trial does not have, of which its id knows nothing") {
    set_value(parts, "trials/groups", std::int64_t{3}, gaussian);
    CHECK(contains(refusal(), "a gaussian trial has fields of orthogonal ones"));
  }
  SECTION("another number of groups") {
    set_value(parts, "trials/groups", std::int64_t{3}, orthogonal);
    CHECK(contains(refusal(), "have another id"));
  }
  SECTION("groups that cannot be counted") {
    for (const std::int64_t groups : {std::int64_t{-1}, std::int64_t{1} << 40}) {
      set_value(parts, "trials/groups", groups, orthogonal);
      CHECK(contains(refusal(), "trials/groups has a count that cannot be"));
    }
  }
  SECTION("fewer columns than numbers, and more") {
    table_of(parts, "traces/group_loss").grid.columns -= 1;
    CHECK(contains(refusal(), "traces/group_loss has fewer numbers"));
    table_of(parts, "traces/group_loss").grid.columns += 2;
    CHECK(contains(refusal(), "traces/group_loss has more numbers"));
  }
  SECTION("more steps than an orthogonal record can hold, though a gaussian one could") {
    set_value(parts, "trials/steps_done", std::int64_t{longest_payload / 64 + 1}, orthogonal);
    set_value(parts, "trials/steps", std::int64_t{longest_payload / 64 + 1}, orthogonal);
    CHECK(contains(refusal(), "more steps than were to be done"));
  }
  SECTION("a table without its chunks") {
    table_of(parts, "traces/group_loss").chunks.clear();
    CHECK(contains(refusal(), "traces/group_loss misses"));
  }
  for (const char* name : {"traces/group_loss", "traces/gap", "trials/groups", "trials/task_basis_id"})
    SECTION(std::string("without ") + name) {
      remove_table(parts, name);
      CHECK(contains(refusal(), std::string("dataset ") + name + " is missing"));
    }
  SECTION("as one of format 3, which had no such trials") {
    put_sealed(path, parts.content, encode_catalog(parts.catalog), 3);
    CHECK(contains(message_of<InputError>([&] { read_snapshot(path); }), "a model that its format did not have"));
  }
}
