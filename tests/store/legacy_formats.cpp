// Stores that released versions wrote still give every value that was in them.

#include <fcntl.h>

#include <cmath>
#include <cstdlib>
#include <set>

#include "catch.hpp"
#include "legacy_fixture.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/record_bytes.hpp"
#include "memscale/store/legacy_snapshot.hpp"
#include "memscale/store/merge_stores.hpp"
#include "memscale/store/store_view.hpp"
#include "snapshot_fixture.hpp"

using namespace memscale;

namespace {

std::string shown(std::int64_t value) {
  return to_text(value);
}
std::string shown(double value) {
  return std::isnan(value) ? "nan" : to_text(value);
}
std::string shown(const std::string& value) {
  return value;
}
template <NamedEnum E>
std::string shown(E value) {
  return std::string(name_of(value));
}

/// The number as this program writes it: h5py's text has the same bits.
template <class T>
std::string normalised(const std::string& text) {
  return std::is_same_v<T, double> ? shown(std::strtod(text.c_str(), nullptr)) : text;
}

/// "1 nan 3" for the numbers of a list.
template <class T>
std::string listed(const std::vector<T>& values) {
  std::string text;
  for (const T& value : values) text.append(text.empty() ? "" : " ").append(shown(value));
  return text;
}

template <class T>
std::string normalised_list(const std::string& text) {
  if (text.empty()) return "";
  std::string result;
  for (const std::string& number : split(text, ' '))
    result.append(result.empty() ? "" : " ").append(normalised<T>(number));
  return result;
}

/// Compares one record with its row; notes which columns were looked at.
class Comparison {
 public:
  Comparison(const std::map<std::string, std::string>& row, std::set<std::string>& seen) : row_(row), seen_(seen) {}

  template <class Part>
  void fields(const std::string& group, const Part& part) {
    const Part defaults;
    std::vector<std::string> values_by_default;
    for_each_field(defaults, [&](const char*, const auto& value) { values_by_default.push_back(shown(value)); });
    auto by_default = values_by_default.begin();
    for_each_field(part, [&](const char* name, const auto& value) {
      using Value = std::remove_cvref_t<decltype(value)>;
      const std::string column = group + "/" + name;
      INFO(column);
      if (row_.contains(column))
        CHECK(shown(value) == normalised<Value>(take(column)));
      else if (std::string(name) != "physics")
        CHECK(shown(value) == *by_default);
      if constexpr (NamedEnum<Value>)
        if (row_.contains(column + "_id")) CHECK(shown(static_cast<std::int64_t>(value)) == take(column + "_id"));
      ++by_default;
    });
  }

  void traces(const Record& record) {
    const bool stored = row_.contains("traces/capacity");
    std::map<std::string, double> of_the_step{{"capacity", static_cast<double>(record.result.capacity)},
                                              {"prefix", static_cast<double>(record.result.prefix)},
                                              {"accuracy", record.result.accuracy},
                                              {"train_loss", Result::not_measured},
                                              {"gradient_norm", Result::not_measured}};
    for_each_field(record.trace, [&](const char* name, const std::vector<double>& values) {
      INFO("trace " << name);
      if (is_orthogonal_only<Trace>(name))
        CHECK(values.empty());
      else if (stored)
        CHECK(listed(values) == normalised_list<double>(take(std::string("traces/") + name)));
      else
        CHECK(listed(values) == (record.result.steps_done == 1 ? shown(of_the_step.at(name)) : ""));
    });
    CHECK(listed(record.recall) == (stored ? take("recall") : ""));
  }

  std::string take(const std::string& column) {
    seen_.insert(column);
    return row_.at(column);
  }

 private:
  const std::map<std::string, std::string>& row_;
  std::set<std::string>& seen_;
};

void check_records(const std::vector<Record>& records, const ExpectedStore& expected) {
  REQUIRE(records.size() == expected.rows.size());
  std::set<std::string> seen;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const Record& record = records[i];
    Comparison compare(expected.rows[i], seen);
    INFO("trial " << i);
    REQUIRE(to_hex(trial_id(record.trial)) == compare.take("trials/trial_id"));
    CHECK(to_text(record.trial.physics) == expected.properties.at("physics"));
    compare.fields("trials", record.trial);
    compare.fields("trials", record.result);
    compare.fields("cost", record.cost);
    compare.traces(record);
    CHECK(record.message == compare.take("message"));
    if (expected.rows[i].contains("trials/digest"))
      CHECK(to_hex(outcome_digest(record)) == compare.take("trials/digest"));
  }
  // Not one value was left out.
  CHECK(seen == std::set<std::string>(expected.columns.begin(), expected.columns.end()));
}

/// Where the job's fields stand that the formats before 3 had.
std::string legacy_property(const std::string& field) {
  return field == "text" ? "job_text" : field == "version" || field == "physics" ? field : "";
}

void check_jobs(const Provenance& provenance, const ExpectedStore& expected) {
  const auto& properties = expected.properties;
  std::size_t count = properties.contains("job 0 text") ? 0 : 1;
  while (properties.contains("job " + std::to_string(count) + " text")) ++count;
  REQUIRE(provenance.jobs.size() == count);
  for (std::size_t i = 0; i < count; ++i)
    for_each_field(provenance.jobs[i], [&](const char* name, const auto& value) {
      INFO("job " << i << " " << name);
      std::string text = shown(value);
      for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos;) text.replace(at, 1, "\\n");
      const std::string now = "job " + std::to_string(i) + " " + name;
      const auto found = properties.find(properties.contains(now) ? now : legacy_property(name));
      CHECK(text == (found == properties.end() ? "" : found->second));
    });
  CHECK(provenance.command_line == properties.at("command_line"));
}

const std::vector<std::string> legacy_formats{"1", "2", "3"};

}  // namespace

TEST_CASE("a finished store of every earlier format gives every value that h5py reads from it") {
  for (const std::string& format : legacy_formats) {
    INFO("format " << format);
    const TemporaryFolder folder;
    const auto path = folder / "finished.h5";
    write_bytes(path, unpacked(stored_fixture(format + "/finished.h5.gz")));
    const ExpectedStore expected(stored_fixture(format + "/finished.tsv.gz"));
    const StoreContents contents = read_store(path);
    check_records(contents.records, expected);
    check_jobs(contents.provenance, expected);
    CHECK(contents.notes.empty());
    CHECK(to_text(open_store(path).format) == format);
    CHECK(names_in(folder.path()) == std::vector<std::string>{"finished.h5"});
  }
}

TEST_CASE("the journal of a killed run of every earlier format gives every value that was written") {
  for (const std::string& format : legacy_formats) {
    INFO("format " << format);
    const TemporaryFolder folder;
    const auto path = folder / "killed.h5", segment = folder / "killed.h5.journal/journal-00000001";
    std::filesystem::create_directory(folder / "killed.h5.journal");
    const std::string journal = file_bytes(stored_fixture(format + "/killed.journal-00000001"));
    write_bytes(segment, journal);
    const ExpectedStore expected(stored_fixture(format + "/killed.tsv.gz"));
    const StoreContents contents = read_store(path);
    check_records(contents.records, expected);
    check_jobs(contents.provenance, expected);
    CHECK(contents.notes.empty());

    // Beside a snapshot that holds some of its trials.
    write_bytes(path, unpacked(stored_fixture(format + "/finished.h5.gz")));
    const ExpectedStore both(stored_fixture(format + "/killed-over-finished.tsv.gz"));
    const StoreContents joined = read_store(path);
    check_records(joined.records, both);
    CHECK(joined.provenance.jobs.size() > contents.provenance.jobs.size());
    CHECK(joined.provenance.command_line == both.properties.at("command_line"));

    // A torn tail costs the last record alone.
    std::filesystem::remove(path);
    write_bytes(segment, journal.substr(0, journal.size() - 1));
    const StoreContents torn = read_store(path);
    CHECK(torn.records.size() == expected.rows.size() - 1);
    CHECK(torn.notes.size() == 1);
  }
}

TEST_CASE("merge makes a store of the present format of one of every earlier format, with the same records") {
  for (const std::string& format : legacy_formats) {
    INFO("format " << format);
    const TemporaryFolder folder;
    const auto old = folder / "old.h5", made = folder / "new.h5";
    write_bytes(old, unpacked(stored_fixture(format + "/finished.h5.gz")));
    std::filesystem::create_directory(folder / "old.h5.journal");
    write_bytes(folder / "old.h5.journal/journal-00000001",
                file_bytes(stored_fixture(format + "/killed.journal-00000001")));
    const MergedStores merged = merge_stores({{old, open_store(old)}}, OtherJobs::accepted);
    write_new_store(made, merged.provenance, merged.source);
    CHECK(open_store(made).format == store_format_version);
    CHECK(same_records(read_store(made).records, read_store(old).records));

    // Its outcomes are known to be those of the old one, not to differ from them.
    const MergedStores both = merge_stores({{made, open_store(made)}, {old, open_store(old)}}, OtherJobs::accepted);
    CHECK(both.source.entries.size() == merged.source.entries.size());
    CHECK(both.in_several == merged.source.entries.size());
  }
}

TEST_CASE("a snapshot of format 3 is checked as one of the present format") {
  const TemporaryFolder folder;
  const auto path = folder / "a.h5";
  write_bytes(path, unpacked(stored_fixture("3/finished.h5.gz")));
  SnapshotParts parts = take_apart(path);
  const auto refusal = [&](std::int64_t format) {
    put_sealed(path, parts.content, encode_catalog(parts.catalog), format);
    return message_of<InputError>([&] { read_snapshot(path); });
  };
  REQUIRE(refusal(3) == "nothing thrown");
  SECTION("as a later format it lacks fields") {
    CHECK(contains(refusal(4), "dataset trials/frequencies_id is missing"));
  }
  SECTION("a changed result") {
    set_value(parts, "trials/accuracy", 0.75);
    CHECK(contains(refusal(3), "does not match its digest"));
  }
  SECTION("a changed step") {
    set_value(parts, "traces/gradient_norm", 0.25);
    CHECK(refusal(3) != "nothing thrown");
  }
  SECTION("a changed parameter") {
    set_value(parts, "trials/d", std::int64_t{123});
    CHECK(contains(refusal(3), "have another id"));
  }
  SECTION("a model that there was not") {
    set_value(parts, "trials/model_id", std::int32_t{1});
    CHECK(contains(refusal(3), "a model that its format did not have"));
  }
  SECTION("without a dataset") {
    remove_table(parts, "traces/capacity");
    CHECK(contains(refusal(3), "dataset traces/capacity is missing"));
  }
}

TEST_CASE("a run refuses a store of an earlier format, and says how to convert it") {
  for (const std::string& format : legacy_formats) {
    const TemporaryFolder folder;
    const auto path = folder / "finished.h5";
    const std::string bytes = unpacked(stored_fixture(format + "/finished.h5.gz"));
    write_bytes(path, bytes);
    const std::string message = message_of<InputError>([&] { ResultStore(path, make_writer()); });
    CHECK(contains(message, "memscale merge"));
    CHECK(file_bytes(path) == bytes);
    CHECK(names_in(folder.path()) == std::vector<std::string>{"finished.h5"});
  }
}

TEST_CASE("a trial of physics version 1 has the id of the fields that there were, and the trace of its one step") {
  const ExpectedStore expected(stored_fixture("1/finished.tsv.gz"));
  Trial trial;  // the fixture's first job: d = 8, items = 300, gd, seed 1
  trial.physics = 1;
  trial.d = 8;
  trial.items = 300;
  trial.optimizer = OptimizerKind::gd;
  trial.orthogonalizer = Orthogonalizer::none;
  const std::string id = to_hex(trial_id(trial));
  bool found = false;
  for (const auto& row : expected.rows) found = found || row.at("trials/trial_id") == id;
  CHECK(found);
}

namespace {

/// The payload of the first record of a journal that a killed run left.
std::string first_payload(std::int64_t format) {
  const std::string journal = file_bytes(stored_fixture(to_text(format) + "/killed.journal-00000001"));
  const std::size_t head = format < 3 ? 20 : 24;
  // The first record's frame: behind the header's, whose length stands at byte 4.
  std::uint32_t length = 0;
  std::memcpy(&length, journal.data() + 4, sizeof length);
  const std::size_t frame = head + length;
  std::memcpy(&length, journal.data() + frame + 4, sizeof length);
  return journal.substr(frame + head, length);
}

}  // namespace

TEST_CASE("records of earlier formats that are not sound are refused") {
  const auto decode = [](const std::string& bytes, std::int64_t format, std::int64_t physics) {
    return decode_legacy_record(std::as_bytes(std::span(bytes)), format, physics);
  };
  for (const std::int64_t format : {1, 3}) {
    INFO("format " << format);
    const std::string payload = first_payload(format);
    const std::int64_t physics = format == 1 ? 1 : 2;
    CHECK(decode(payload, format, physics).trial.physics == physics);
    CHECK_THROWS_AS(decode(payload + '\0', format, physics), std::out_of_range);
    for (std::size_t size = 0; size < payload.size(); ++size)
      CHECK_THROWS_AS(decode(payload.substr(0, size), format, physics), std::out_of_range);
    for (const auto& [other, its_physics] : {std::pair{1, 2}, {2, 1}, {2, 2}, {3, 3}, {4, 2}, {0, 0}})
      CHECK_THROWS_AS(decode(payload, other, its_physics), std::out_of_range);
  }
  // A record says of itself which physics made it in format 3: one of version 1 may stand in a store of version 2.
  CHECK(decode(first_payload(3), 3, 1).trial.physics == 2);
  std::string orthogonal = first_payload(3);
  orthogonal[0] = 1;  // the code of its model
  CHECK_THROWS_AS(decode(orthogonal, 3, 2), std::out_of_range);
}
