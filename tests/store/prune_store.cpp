#include "memscale/store/prune_store.hpp"

#include <filesystem>
#include <random>

#include "catch.hpp"
#include "memscale/core/error.hpp"
#include "memscale/store/store_lock.hpp"
#include "store_fixture.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

std::vector<Record> sample_records() {
  std::vector<Record> records = make_records(50);
  for (std::int64_t i = 50; i < 60; ++i) records.push_back(make_failure(i, "broken"));
  return records;
}

RecordFilter where(const std::vector<std::string>& conditions, std::vector<TrialStatus> statuses = {}) {
  RecordFilter filter{std::move(statuses), {}};
  for (const std::string& text : conditions) filter.conditions.emplace_back(text);
  return filter;
}

}  // namespace

TEST_CASE("what a filter matches goes, the rest stays, from snapshot and journal alike") {
  using Test = bool (*)(const Record&);
  const std::vector<std::pair<RecordFilter, Test>> filters{
      {where({}, {TrialStatus::failed}), [](const Record& r) { return r.result.status == TrialStatus::failed; }},
      {where({}, {TrialStatus::failed, TrialStatus::diverged}),
       [](const Record& r) { return r.result.status != TrialStatus::ok; }},
      {where({"d=8,1.1e1"}), [](const Record& r) { return r.trial.d == 8 || r.trial.d == 11; }},
      {where({"d=8", "optimizer=muon"}, {TrialStatus::ok}),
       [](const Record& r) {
         return r.trial.d == 8 && r.trial.optimizer == OptimizerKind::muon && r.result.status == TrialStatus::ok;
       }},
      {where({"polar_cosine=nan"}), [](const Record& r) { return r.result.polar_cosine != r.result.polar_cosine; }},
      {where({"batch=inf"}), [](const Record&) { return true; }},
  };
  for (std::size_t f = 0; f < filters.size(); ++f) {
    for (std::size_t in_snapshot : {0, 30, 60}) {
      CAPTURE(f, in_snapshot);
      const TemporaryFolder folder;
      const fs::path path = folder / "a.h5";
      const std::vector<Record> records = sample_records();
      if (in_snapshot > 0) write_store(path, {records.begin(), records.begin() + static_cast<int>(in_snapshot)});
      if (in_snapshot < records.size()) {
        ResultStore store(path, make_writer());
        for (std::size_t i = in_snapshot; i < records.size(); ++i) store.append(records[i]);
      }
      std::vector<Record> kept;
      std::array<std::size_t, 3> removed{};
      for (const Record& record : records)
        if (filters[f].second(record))
          ++removed.at(static_cast<std::size_t>(record.result.status));
        else
          kept.push_back(record);

      const PruneSummary planned = prune_store(path, filters[f].first, PruneMode::dry_run);
      CHECK(planned.trials == records.size());
      CHECK(planned.removed == removed);
      CHECK(read_store(path).records.size() == records.size());
      const PruneSummary summary = prune_store(path, filters[f].first, PruneMode::remove);
      CHECK(summary.trials == records.size());
      CHECK(summary.removed == removed);
      CHECK(same_records(read_store(path).records, sorted_by_id(kept)));
      CHECK(read_store(path).provenance.jobs == std::vector{make_job()});
      CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5"});
    }
  }
}

TEST_CASE("pruned trials that are run again give the file that was there") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  const std::vector<Record> records = make_records(30);
  write_store(path, records);
  const std::string bytes = file_bytes(path);
  prune_store(path, where({"d=9"}), PruneMode::remove);
  CHECK(file_bytes(path) != bytes);
  ResultStore store(path, make_writer());
  for (const Record& record : records)
    if (!store.has_result(trial_id(record.trial))) store.append(record);
  store.finish();
  CHECK(file_bytes(path) == bytes);
}

TEST_CASE("a store of which nothing matches keeps its bytes") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  write_store(path, make_records(9));
  {
    ResultStore store(path, make_writer());
    store.append(make_record(20));
  }
  const std::string bytes = file_bytes(path);
  const auto written = fs::last_write_time(path);
  CHECK(prune_store(path, where({"d=4096"}), PruneMode::remove).removed_in_all() == 0);
  CHECK(file_bytes(path) == bytes);
  CHECK(fs::last_write_time(path) == written);
  CHECK(read_store(path).records.size() == 10);
}

TEST_CASE("prune refuses a store in use, none at all, and what is no store") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  const RecordFilter all = where({"batch=inf"});
  const auto refusal = [&](const fs::path& name) {
    return message_of<InputError>([&] { prune_store(name, all, PruneMode::remove); });
  };
  write_store(path, make_records(3));
  const std::string bytes = file_bytes(path);
  {
    const StoreLock run(resolve_store_path(path));
    CHECK(contains(refusal(path), "is in use by another run"));
  }
  write_bytes(folder / "text.h5", "text");
  CHECK(contains(refusal(folder / "text.h5"), "not a memscale store"));
  CHECK(contains(refusal(folder / "none.h5"), "does not exist"));
  CHECK(file_bytes(path) == bytes);
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5", "text.h5"});
}
