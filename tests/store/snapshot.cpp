#include "memscale/store/snapshot.hpp"

#include <fcntl.h>

#include <map>
#include <random>

#include "catch.hpp"
#include "memscale/core/error.hpp"
#include "memscale/store/hdf5_image.hpp"
#include "memscale/store/sealed_file.hpp"
#include "memscale/store/snapshot_pace.hpp"
#include "store_fixture.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

StoreContents read(const fs::path& path) {
  return read_snapshot(open_file(path, O_RDONLY), path);
}

Hdf5File open_snapshot(const fs::path& path) {
  return open_image(read_sealed(open_file(path, O_RDONLY), path));
}

/// Bytes of an open dataset or attribute, with its type's and its space's encoding before them.
template <herr_t (*Read)(hid_t, hid_t, void*)>
std::string bytes_of(hid_t object, const Hdf5Type& type, const Hdf5Space& space) {
  const auto count = static_cast<std::size_t>(H5Sget_simple_extent_npoints(space));
  std::string bytes(count * H5Tget_size(type), '\0');
  if (!bytes.empty()) checked(Read(object, type, bytes.data()), "read");
  std::size_t size = 0;
  checked(H5Tencode(type, nullptr, &size), "encode");
  std::string encoded(size, '\0');
  checked(H5Tencode(type, encoded.data(), &size), "encode");
  return std::to_string(count) + ' ' + encoded + bytes;
}

herr_t read_all(hid_t dataset, hid_t type, void* data) {
  return H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data);
}

herr_t add_attribute(hid_t object, const char* name, const H5A_info_t*, void* map) {
  const Hdf5Attribute attribute(H5Aopen(object, name, H5P_DEFAULT), "open");
  const Hdf5Type type(H5Aget_type(attribute), "type");
  const Hdf5Space space(H5Aget_space(attribute), "space");
  (*static_cast<std::map<std::string, std::string>*>(map))[std::string("@") + name] =
      bytes_of<H5Aread>(attribute, type, space);
  return 0;
}

herr_t add_dataset(hid_t group, const char* name, const H5L_info_t*, void* map) {
  const Hdf5Dataset dataset(H5Dopen2(group, name, H5P_DEFAULT), "open");
  const Hdf5Type type(H5Dget_type(dataset), "type");
  const Hdf5Space space(H5Dget_space(dataset), "space");
  (*static_cast<std::map<std::string, std::string>*>(map))[name] = bytes_of<read_all>(dataset, type, space);
  return 0;
}

/// All datasets and attributes of a group, by name.
std::map<std::string, std::string> group_bytes(const fs::path& path, const std::string& name) {
  const Hdf5File file = open_snapshot(path);
  const Hdf5Group group = open_group(file, name);
  std::map<std::string, std::string> bytes;
  if (name != "/") checked(H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, add_dataset, &bytes), "visit");
  checked(H5Aiterate2(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, add_attribute, &bytes), "visit");
  return bytes;
}

}  // namespace

TEST_CASE("a snapshot gives back records sorted by id, and provenance") {
  const TemporaryFolder folder;
  std::vector<Record> records = make_records(9000);  // more than one chunk
  records.push_back(make_failure(10001, "newton: singular Hessian\nsecond line, \xC3\xA9"));
  records.push_back(make_failure(10002, ""));
  int seed = 20000;
  for (double value : extreme_doubles()) {
    Record record = make_record(++seed);
    record.trial.eta = value;
    record.result.accuracy = value;
    record.cost.seconds = value;
    records.push_back(record);
  }
  for (double value : extreme_doubles()) {
    Record record = make_record(++seed);
    add_traces(record, 3, 5000, seed);
    record.trace.gradient_norm = {value, 1, value};
    records.push_back(record);
  }
  Record extreme = make_record(30000);
  extreme.trial.seed = std::numeric_limits<std::int64_t>::max();
  extreme.result.prefix = std::numeric_limits<std::int64_t>::min();
  extreme.cost.host = "";
  records.push_back(extreme);
  write_snapshot(folder / "a.h5", make_provenance(), records);
  const StoreContents contents = read(folder / "a.h5");
  CHECK(same_records(contents.records, sorted_by_id(records)));
  CHECK(std::is_sorted(contents.records.begin(), contents.records.end(),
                       [](const Record& a, const Record& b) { return trial_id(a.trial) < trial_id(b.trial); }));
  CHECK(contents.provenance.version == "1.2.3");
  CHECK(contents.provenance.job_text == make_provenance().job_text);
  CHECK(contents.provenance.command_line == make_provenance().command_line);
}

TEST_CASE("a snapshot may hold nothing, and the longest texts") {
  const TemporaryFolder folder;
  Provenance provenance;
  SECTION("empty") {}
  SECTION("long") {
    provenance.job_text = provenance.command_line = std::string(longest_text, '#');
  }
  write_snapshot(folder / "a.h5", provenance, {});
  CHECK(read(folder / "a.h5").records.empty());
  CHECK(read(folder / "a.h5").provenance.job_text == provenance.job_text);
  CHECK(read(folder / "a.h5").provenance.command_line == provenance.command_line);
}

TEST_CASE("few long trials among many short ones cost what they hold") {
  const TemporaryFolder folder;
  std::vector<Record> records;
  for (std::int64_t i = 0; i < 3000; ++i) {
    records.push_back(make_record(i));
    add_traces(records.back(), 1, 20, i);
  }
  write_snapshot(folder / "a.h5", make_provenance(), records);
  const auto before = fs::file_size(folder / "a.h5");
  add_traces(records[10], 5000, 20, 10);
  add_traces(records[2000], 900, 20, 2000);
  write_snapshot(folder / "b.h5", make_provenance(), records);
  CHECK(same_records(read(folder / "b.h5").records, sorted_by_id(records)));
  const auto numbers = 5 * (5000 + 900) * sizeof(double);
  CHECK(fs::file_size(folder / "b.h5") < before + 3 * numbers);  // all steps of all trials would be 600 MB
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
    write_snapshot(folder / "a.h5", make_provenance(), records);
    REQUIRE(same_records(read(folder / "a.h5").records, sorted_by_id(records)));
  }
}

TEST_CASE("equal records in any order, at any cost, give equal bytes outside /cost") {
  const TemporaryFolder folder;
  std::vector<Record> records = make_records(300);
  records.push_back(make_failure(1000, "no"));
  records.push_back(make_failure(1001, "no, neither"));
  write_snapshot(folder / "a.h5", make_provenance(), records);
  std::mt19937_64 random(1);
  std::shuffle(records.begin(), records.end(), random);
  Provenance other = make_provenance();
  other.command_line = "mpirun -n 64 memscale run job.cfg -o elsewhere/a.h5";
  for (Record& record : records) record.cost = make_record(12345).cost;
  write_snapshot(folder / "b.h5", other, records);
  for (const char* group : {"/", "trials", "labels", "failures", "traces", "recall"}) {
    INFO(group);
    const auto a = group_bytes(folder / "a.h5", group);
    CHECK_FALSE(a.empty());
    CHECK(a == group_bytes(folder / "b.h5", group));
  }
  CHECK(group_bytes(folder / "a.h5", "cost") != group_bytes(folder / "b.h5", "cost"));
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5", "b.h5"});
}

TEST_CASE("the same snapshot twice gives the same file") {
  const TemporaryFolder folder;
  write_snapshot(folder / "a.h5", make_provenance(), make_records(50));
  write_snapshot(folder / "b.h5", make_provenance(), make_records(50));
  CHECK(file_bytes(folder / "a.h5") == file_bytes(folder / "b.h5"));
}

TEST_CASE("bit flips in a snapshot are refused, never read") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  write_snapshot(path, make_provenance(), make_records(20));
  const std::string whole = file_bytes(path);
  std::mt19937_64 random(1);
  for (int i = 0; i < 200; ++i) {
    std::string flipped = whole;
    const std::size_t bit = random() % (8 * whole.size());
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    write_bytes(path, flipped);
    REQUIRE_THROWS_AS(read(path), InputError);
  }
  for (std::size_t size = 0; size < whole.size(); size += 1 + random() % (whole.size() / 100)) {
    write_bytes(path, whole.substr(0, size));
    REQUIRE_THROWS_AS(read(path), InputError);
  }
  write_bytes(path, whole + '\0');
  REQUIRE_THROWS_AS(read(path), InputError);
}

TEST_CASE("a snapshot is due 30 s and 20 times its cost after the last") {
  using namespace std::chrono_literals;
  const SnapshotPace::Clock::time_point opened{};
  SnapshotPace pace(opened);
  CHECK_FALSE(pace.is_due(opened + 29s));
  CHECK(pace.is_due(opened + 30s));
  pace.written(opened + 30s, opened + 31s);
  CHECK_FALSE(pace.is_due(opened + 60s));
  CHECK(pace.is_due(opened + 61s));
  pace.written(opened + 61s, opened + 71s);
  CHECK_FALSE(pace.is_due(opened + 270s));
  CHECK(pace.is_due(opened + 271s));
}
