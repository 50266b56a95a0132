#include "memscale/store/merge_stores.hpp"

#include <fcntl.h>

#include <filesystem>
#include <map>
#include <random>

#include "catch.hpp"
#include "legacy_fixture.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/job_parameters.hpp"
#include "memscale/store/sealed_file.hpp"
#include "memscale/store/store_lock.hpp"
#include "store_fixture.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

/// Some trials of 0 .. 59, each once, a quarter of them failed; what they cost differs from store to store.
std::vector<Record> random_records(std::mt19937& random, std::int64_t store) {
  std::vector<Record> records;
  for (std::int64_t i = 0; i < 60; ++i) {
    if (random() % 2 == 0) continue;
    records.push_back(random() % 4 == 0 ? make_failure(i, "failed in " + std::to_string(store)) : make_record(i));
    records.back().cost.rank = store;
  }
  std::shuffle(records.begin(), records.end(), random);
  return records;
}

/// A store, or what a killed run leaves of one.
void write_some(const fs::path& path, const std::vector<Record>& records, bool finish,
                const Writer& writer = make_writer()) {
  ResultStore store(path, writer);
  for (const Record& record : records) store.append(record);
  store.sync();
  if (finish) store.finish();
}

std::vector<MergeInput> open_all(const std::vector<fs::path>& paths) {
  std::vector<MergeInput> inputs;
  for (const fs::path& path : paths) inputs.push_back({path, open_store(path)});
  return inputs;
}

MergedStores merge(const std::vector<fs::path>& paths, OtherJobs other_jobs = OtherJobs::refused) {
  return merge_stores(open_all(paths), other_jobs);
}

Writer writer_of(const std::string& parameters) {
  Writer writer = make_writer();
  writer.job.parameters = parameters;
  writer.job.text += "# " + parameters;
  return writer;
}

}  // namespace

TEST_CASE("a merged store is the union, by brute force") {
  std::mt19937 random(7);
  for (int round = 0; round < 30; ++round) {
    const TemporaryFolder folder;
    std::map<std::uint64_t, Record> expected;
    std::map<std::uint64_t, int> holders;
    std::vector<fs::path> paths;
    const auto stores = static_cast<std::int64_t>(1 + random() % 4);
    for (std::int64_t store = 0; store < stores; ++store) {
      const std::vector<Record> records = random_records(random, store);
      paths.push_back(folder / (std::to_string(store) + ".h5"));
      write_some(paths.back(), records, random() % 3 != 0);
      for (const Record& record : records) {
        const std::uint64_t id = trial_id(record.trial);
        ++holders[id];
        const auto held = expected.find(id);
        if (held == expected.end() || !is_finished(held->second)) expected.insert_or_assign(id, record);
      }
    }
    const MergedStores merged = merge(paths);
    write_new_store(folder / "all.h5", merged.provenance, merged.source);

    std::vector<Record> records;
    for (const auto& [id, record] : expected) records.push_back(record);
    const StoreContents contents = read_store(folder / "all.h5");
    REQUIRE(same_records(contents.records, records));
    CHECK(contents.provenance.jobs == std::vector{make_job()});
    const auto shared = std::count_if(holders.begin(), holders.end(), [](const auto& held) { return held.second > 1; });
    CHECK(merged.in_several == static_cast<std::size_t>(shared));
    CHECK_FALSE(fs::exists(folder / "all.h5.journal"));
  }
}

TEST_CASE("merging does not depend on what stores are called or how they were cut") {
  const TemporaryFolder folder;
  const std::vector<Record> all = make_records(40);
  write_store(folder / "whole.h5", all);
  write_store(folder / "a.h5", {all.begin(), all.begin() + 25});
  write_store(folder / "b.h5", {all.begin() + 15, all.end()});
  MergedStores merged = merge({folder / "b.h5", folder / "a.h5"});
  merged.provenance.command_line = make_provenance().command_line;
  write_new_store(folder / "merged.h5", merged.provenance, merged.source);
  CHECK(file_bytes(folder / "merged.h5") == file_bytes(folder / "whole.h5"));
  CHECK(merged.in_several == 10);
}

TEST_CASE("two results of one trial that differ are named") {
  const TemporaryFolder folder;
  std::vector<Record> records = make_records(12);
  write_store(folder / "a.h5", records);
  records[8].result.capacity = 77;
  records[10].result.accuracy += 1;
  write_store(folder / "b.h5", records);
  write_store(folder / "c.h5", {make_record(8)});
  const std::string line = message_of<InputError>([&] { merge({folder / "a.h5", folder / "b.h5"}); });
  const bool is_first = trial_id(records[8].trial) < trial_id(records[10].trial);
  const Record& first = records[is_first ? 8 : 10];
  CHECK(contains(line, "conflict: trial " + to_hex(trial_id(first.trial)) + " (d="));
  CHECK(contains(line, " seed=" + to_text(first.trial.seed)));
  CHECK(!contains(line, "kappa="));  // the same for all
  CHECK(contains(line, is_first ? "capacity is 1008 in " : "accuracy is "));
  CHECK(contains(line, (folder / "a.h5").string() + ", "));
  CHECK(contains(line, " in " + (folder / "b.h5").string() + "; 1 trial conflicts besides"));
  // The third store's file is found, too.
  const std::string third = message_of<InputError>([&] { merge({folder / "c.h5", folder / "a.h5", folder / "b.h5"}); });
  CHECK(contains(third, (folder / "b.h5").string()));
}

TEST_CASE("a job that changes what was fixed is refused, or recorded") {
  const TemporaryFolder folder;
  write_some(folder / "a.h5", {make_record(1)}, true, writer_of("train.eta=1\n"));
  write_some(folder / "b.h5", {make_record(2)}, true, writer_of("train.eta=2\n"));
  write_some(folder / "c.h5", {make_record(3)}, true, writer_of("train.eta=1, 2\n"));
  const std::string line = message_of<InputError>([&] { merge({folder / "a.h5", folder / "b.h5"}); });
  CHECK(contains(line, "b.h5"));
  CHECK(contains(line, "made with other parameters: train.eta: 1 -> 2"));
  const auto jobs = merge({folder / "a.h5", folder / "b.h5"}, OtherJobs::accepted).provenance.jobs;
  REQUIRE(jobs.size() == 2);
  CHECK(jobs[0].forced == "");
  CHECK(jobs[1].forced == "train.eta: 1 -> 2");

  // Jobs that were forced into one store are not asked about again.
  Writer forced = writer_of("train.eta=2\n");
  forced.force = true;
  write_some(folder / "both.h5", {make_record(1)}, true, writer_of("train.eta=1\n"));
  write_some(folder / "both.h5", {make_record(2)}, true, forced);
  CHECK(merge({folder / "both.h5"}).provenance.jobs.size() == 2);
  CHECK(merge({folder / "a.h5", folder / "both.h5"}).provenance.jobs.size() == 2);
}

TEST_CASE("a job forced into its store is compared with those of the others") {
  const TemporaryFolder folder;
  const auto write = [&](const char* name, std::int64_t record, const std::string& parameters, bool force) {
    Writer writer = writer_of(parameters);
    writer.force = force;
    write_some(folder / name, {make_record(record)}, true, writer);
  };
  write("a.h5", 1, "problem.items=5\ntrain.eta=1\n", false);
  write("b.h5", 2, "problem.items=5\ntrain.eta=1\n", false);
  write("b.h5", 3, "problem.items=6\ntrain.eta=2\n", true);
  CHECK(merge({folder / "a.h5", folder / "b.h5"}).provenance.jobs.size() == 2);
  write("e.h5", 7, "problem.items=5\ntrain.eta=2\ntrain.steps=3\n", false);
  write("e.h5", 8, "problem.items=5\ntrain.eta=9\ntrain.steps=3\n", true);
  CHECK(contains(message_of<InputError>([&] { merge({folder / "a.h5", folder / "e.h5"}); }), "train.eta: 1 -> 2"));
  const auto jobs = merge({folder / "a.h5", folder / "e.h5"}, OtherJobs::accepted).provenance.jobs;
  REQUIRE(jobs.size() == 3);
  CHECK(jobs[1].forced == "train.eta: 1 -> 2");
  CHECK(jobs[2].forced == "train.eta: 2 -> 9; train.eta: 1 -> 9");
}

TEST_CASE("a third store's job is compared with those that name its keys") {
  const TemporaryFolder folder;
  write_some(folder / "gd.h5", {make_record(1)}, true, writer_of("gd.eta=1\n"));
  write_some(folder / "muon.h5", {make_record(2)}, true, writer_of("muon.eta=1\n"));
  write_some(folder / "other.h5", {make_record(3)}, true, writer_of("gd.eta=5\n"));
  const std::string line = message_of<InputError>([&] {
    merge({folder / "gd.h5", folder / "muon.h5", folder / "other.h5"});
  });
  CHECK(contains(line, "other.h5"));
  CHECK(contains(line, "gd.eta: 1 -> 5"));
}

TEST_CASE("a job of an earlier format gets the parameters that its text and command line tell") {
  const TemporaryFolder folder;
  const fs::path old = folder / "f2.h5";
  write_bytes(old, unpacked(stored_fixture("2/finished.h5.gz")));
  const auto job_of = [&](const std::string& command_line) {
    std::vector<MergeInput> inputs = open_all({old});
    inputs[0].view.provenance.command_line = command_line;
    return merge_stores(inputs, OtherJobs::refused).provenance.jobs.at(0);
  };
  const JobEntry plain = merge({old}).provenance.jobs.at(0);
  CHECK(plain.parameters == job_parameters(plain.text, {}));
  CHECK(plain.flags == "");
  const JobEntry flagged =
      job_of("mpirun memscale run --train.eta 2 * sqrt(d) job.cfg --grid.d=8, 16 -o f2.h5 --problem.items 7");
  CHECK(flagged.flags == "--grid.d 8,16 --problem.items 7 --train.eta 2*sqrt(d)");
  CHECK(flagged.parameters == job_parameters(plain.text, {"--train.eta=2*sqrt(d)", "--problem.items=7"}));
  CHECK(job_of("memscale run job.cfg -o a.b --threads 2 --no.key 3").parameters == plain.parameters);
  CHECK(job_of("memscale run job.cfg --train.past 3").parameters == "");

  // The store that was made of it refuses another learning rate.
  const MergedStores merged = merge({old});
  write_new_store(folder / "n2.h5", merged.provenance, merged.source);
  Writer changed = make_writer();
  changed.job.text = plain.text;
  changed.job.flags = "--train.eta 7";
  changed.job.parameters = job_parameters(plain.text, {"--train.eta=7"});
  CHECK(contains(message_of<InputError>([&] { ResultStore(folder / "n2.h5", changed); }), "train.eta: 1 -> 7"));
  changed.job.flags = "";
  changed.job.parameters = plain.parameters;
  CHECK(message_of<InputError>([&] { ResultStore(folder / "n2.h5", changed); }) == "nothing thrown");
}

TEST_CASE("a merged store's texts are valid UTF-8, whatever the stores held") {
  const TemporaryFolder folder;
  write_store(folder / "a.h5", make_records(2));
  MergedStores merged = merge({folder / "a.h5"});
  merged.provenance.jobs.at(0).text += "# k\xE4lter\n";
  merged.provenance.command_line = "memscale merge \xE4.h5";
  write_new_store(folder / "b.h5", merged.provenance, merged.source);
  const Provenance stored = read_store(folder / "b.h5").provenance;
  CHECK(stored.job_text() == make_job().text + "# k?lter\n");
  CHECK(stored.command_line == "memscale merge ?.h5");
}

TEST_CASE("a new store is made where there was none, and nowhere else") {
  const TemporaryFolder folder;
  write_store(folder / "a.h5", make_records(3));
  const MergedStores merged = merge({folder / "a.h5"});
  const auto make = [&](const fs::path& path) { write_new_store(path, merged.provenance, merged.source); };

  const std::string bytes = file_bytes(folder / "a.h5");
  CHECK(contains(message_of<InputError>([&] { make(folder / "a.h5"); }), "exists"));
  write_bytes(folder / "mine.h5", "text");
  CHECK(contains(message_of<InputError>([&] { make(folder / "mine.h5"); }), "exists"));
  CHECK(file_bytes(folder / "mine.h5") == "text");
  write_some(folder / "killed.h5", {make_record(1)}, false);
  CHECK(contains(message_of<InputError>([&] { make(folder / "killed.h5"); }), "journal"));
  CHECK_FALSE(fs::exists(folder / "killed.h5"));
  {
    const StoreLock run(resolve_store_path(folder / "begun.h5"));
    CHECK(contains(message_of<InputError>([&] { make(folder / "begun.h5"); }), "in use"));
  }
  CHECK(message_of<InputError>([&] { make(folder / "none" / "b.h5"); }) != "nothing thrown");
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5", "killed.h5.journal", "mine.h5"});

  // What a merge that was killed has left is no store.
  fs::create_directory(folder / "b.h5.journal");
  write_bytes(folder / "b.h5.journal" / "lock", "");
  write_bytes(folder / "b.h5.tmp-new-1", "half");
  make(folder / "b.h5");
  CHECK(file_bytes(folder / "a.h5") == bytes);
  CHECK(same_records(read_store(folder / "b.h5").records, sorted_by_id(make_records(3))));
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5", "b.h5", "killed.h5.journal", "mine.h5"});
}

TEST_CASE("stores are united whatever their jobs, but not where results differ") {
  const TemporaryFolder folder;
  std::vector<Record> records = make_records(12);
  write_store(folder / "a.h5", {records.begin(), records.begin() + 8});
  write_store(folder / "b.h5", {records.begin() + 4, records.end()});
  const auto unite = [&](const std::vector<std::string>& names) {
    std::vector<MergeInput> inputs;
    for (const std::string& name : names) inputs.push_back({folder / name, open_store(folder / name)});
    return unite_stores(inputs);
  };
  const MergedStores both = unite({"a.h5", "b.h5"});
  CHECK(both.in_several == 4);
  std::vector<Record> read;
  both.source.for_each([&](const Record& record, const IndexEntry&) { read.push_back(record); });
  CHECK(same_records(read, sorted_by_id(records)));
  std::vector<Record> ahead;
  both.source.for_each_read_ahead([&](const Record& record, const IndexEntry& entry) {
    CHECK(entry.id == trial_id(record.trial));
    ahead.push_back(record);
  });
  CHECK(same_records(ahead, read));
  CHECK(unite({"a.h5", "a.h5"}).source.entries.size() == 8);
  records[5].result.capacity = 77;
  write_store(folder / "c.h5", records);
  const std::string line = message_of<InputError>([&] { unite({"a.h5", "b.h5", "c.h5"}); });
  CHECK(contains(line, "conflict: trial " + to_hex(trial_id(records[5].trial))));
  CHECK(contains(line, (folder / "a.h5").string()));
  CHECK(contains(line, (folder / "c.h5").string()));
}
