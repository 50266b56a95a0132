// What other programs see of a snapshot: HDF5 itself opens the file and reads it.
#include <bit>
#include <cstring>
#include <map>
#include <random>

#include "catch.hpp"
#include "memscale/core/text.hpp"
#include "memscale/store/hdf5_image.hpp"
#include "snapshot_fixture.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

Hdf5File open_as_hdf5(const fs::path& path) {
  start_hdf5();
  return Hdf5File(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), "open " + path.string());
}

/// All values of a dataset as they stand in the file.
std::string dataset_bytes(hid_t file, const std::string& name) {
  const Hdf5Dataset dataset(H5Dopen2(file, name.c_str(), H5P_DEFAULT), "open " + name);
  const Hdf5Type type(H5Dget_type(dataset), "type");
  const Hdf5Space space(H5Dget_space(dataset), "space");
  std::string bytes(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)) * H5Tget_size(type), '\0');
  if (!bytes.empty()) checked(H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()), "read");
  return bytes;
}

template <class Value>
void append(std::string& bytes, const Value& value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

std::string padded(std::string text, std::size_t width) {
  text.resize(width, '\0');
  return text;
}

/// What the datasets of one part of these records, in their order, should hold, by name.
template <class Part>
std::map<std::string, std::string> expected_columns(const std::string& group, const std::vector<Record>& records,
                                                    Part Record::*part) {
  std::map<std::string, std::size_t> widths;
  for (const Record& record : records)
    for_each_field(record.*part, [&]<class Value>(const char* name, const Value& value) {
      std::size_t& width = widths[name];
      if constexpr (std::is_same_v<Value, std::string>) width = std::max({width, value.size(), std::size_t{1}});
      if constexpr (NamedEnum<Value>)
        for (std::string_view text : EnumNames<Value>::names) width = std::max(width, text.size());
    });
  std::map<std::string, std::string> columns;
  for (const Record& record : records)
    for_each_field(record.*part, [&]<class Value>(const char* field, const Value& value) {
      const std::string name = group + "/" + field;
      if constexpr (std::is_same_v<Value, std::string>) {
        columns[name] += padded(value, widths[field]);
      } else if constexpr (NamedEnum<Value>) {
        columns[name] += padded(std::string(name_of(value)), widths[field]);
        append(columns[name + "_id"], static_cast<std::int32_t>(value));
      } else {
        append(columns[name], value);
      }
    });
  return columns;
}

void add_tables(std::map<std::string, std::string>& tables, const std::vector<Record>& records) {
  std::size_t steps = 0, losses = 0, bins = 0;
  for (const Record& record : records) {
    losses = std::max(losses, record.trace.group_loss.size());
    steps = std::max(steps, record.trace.capacity.size());
    bins = std::max(bins, recall_bins(record.trial.items).size());
  }
  for (const Record& record : records) {
    for_each_field(record.trace, [&](const char* name, std::vector<double> values) {
      values.resize(is_by_step(name) ? steps : losses, std::numeric_limits<double>::quiet_NaN());
      for (double value : values) append(tables[std::string("traces/") + name], value);
    });
    std::vector<std::int64_t> counts = record.recall;
    counts.resize(bins, -1);
    for (std::int64_t count : counts) append(tables["recall/recovered"], static_cast<std::int32_t>(count));
  }
}

/// Records of all kinds.
std::vector<Record> mixed_records() {
  std::vector<Record> records = make_records(8300);
  add_traces(records[17], 150, 5000, 17);
  records[18] = make_failure(18, "no");
  records[19] = make_failure(19, "not either");
  records[20].cost.host = "a longer name than others have";
  for (std::size_t i = 21; i < 30; ++i) records[i] = make_orthogonal_record(static_cast<std::int64_t>(i));
  return sorted_by_id(records);
}

using Bytes = std::map<std::string, std::string>;

herr_t add_attribute(hid_t object, const char* name, const H5A_info_t*, void* found) {
  const Hdf5Attribute attribute(H5Aopen(object, name, H5P_DEFAULT), "open");
  const Hdf5Type type(H5Aget_type(attribute), "type");
  std::string bytes(H5Tget_size(type), '\0');
  checked(H5Aread(attribute, type, bytes.data()), "read");
  (*static_cast<Bytes*>(found))[std::string("@") + name] = bytes;
  return 0;
}

herr_t add_dataset(hid_t group, const char* name, const H5L_info_t*, void* found) {
  (*static_cast<Bytes*>(found))[name] = dataset_bytes(group, name);
  return 0;
}

/// All datasets and attributes of a group, by name.
Bytes group_bytes(const fs::path& path, const std::string& name) {
  const Hdf5File file = open_as_hdf5(path);
  const Hdf5Group group = open_group(file, name);
  Bytes bytes;
  if (name != "/") checked(H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, add_dataset, &bytes), "visit");
  checked(H5Aiterate2(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, add_attribute, &bytes), "visit");
  return bytes;
}

std::vector<std::tuple<std::uint64_t, std::uint64_t, std::uint32_t>> places_of(const CatalogTable& table) {
  std::vector<std::tuple<std::uint64_t, std::uint64_t, std::uint32_t>> places;
  for (const StoredChunk& chunk : table.chunks) places.emplace_back(chunk.index, chunk.address, chunk.size);
  return places;
}

}  // namespace

TEST_CASE("HDF5 reads from a snapshot what was put into it") {
  const TemporaryFolder folder;
  const std::vector<Record> records = mixed_records();
  write_snapshot(folder / "a.h5", make_provenance(), source_of(records));
  const Hdf5File file = open_as_hdf5(folder / "a.h5");
  Bytes expected;
  expected.merge(expected_columns("trials", records, &Record::trial));
  expected.merge(expected_columns("trials", records, &Record::result));
  expected.merge(expected_columns("cost", records, &Record::cost));
  add_tables(expected, records);
  for (const Record& record : records) {
    expected["trials/trial_id"] += to_hex(trial_id(record.trial));
    expected["trials/digest"] += to_hex(index_entry(record, 0).digest);
    if (is_finished(record)) continue;
    expected["failures/trial_id"] += to_hex(trial_id(record.trial));
    expected["failures/message"] += padded(record.message, std::string("not either").size());
  }
  for (const auto& [name, bytes] : expected) {
    INFO(name);
    CHECK(dataset_bytes(file, name) == bytes);
  }
  for (const CatalogTable& table : take_apart(folder / "a.h5").catalog.tables) {
    INFO(table.name);
    CHECK(expected.count(table.name) == 1);  // nothing stands in the catalog that was not compared
  }
  CHECK(dataset_bytes(file, "labels/status") == padded("ok", 8) + "diverged" + padded("failed", 8));
  CHECK(dataset_bytes(file, "jobs/version") == make_job().version);
  CHECK(read_integer_attribute(file, "format") == store_format_version);
  CHECK(read_text_attribute(file, "job_text", longest_text) == make_job().text);
  CHECK(read_text_attribute(Hdf5Dataset(H5Dopen2(file, "traces/capacity", H5P_DEFAULT), "open"), "dims", 100) ==
        "trial,step");
  CHECK(read_text_attribute(Hdf5Dataset(H5Dopen2(file, "cost/seconds", H5P_DEFAULT), "open"), "unit", 100) == "s");
}

TEST_CASE("chunks are where HDF5 has them, and their filters are the ones that every HDF5 knows") {
  const TemporaryFolder folder;
  write_snapshot(folder / "a.h5", make_provenance(), source_of(mixed_records()));
  const Hdf5File file = open_as_hdf5(folder / "a.h5");
  for (const CatalogTable& table : take_apart(folder / "a.h5").catalog.tables) {
    INFO(table.name);
    const Hdf5Dataset dataset(H5Dopen2(file, table.name.c_str(), H5P_DEFAULT), "open");
    const Hdf5Space space(H5Dget_space(dataset), "space");
    hsize_t count = 0;
    checked(H5Dget_num_chunks(dataset, space, &count), "count chunks");
    CHECK(count == table.chunks.size());
    for (const StoredChunk& chunk : table.chunks) {
      const hsize_t offset[2] = {chunk.index / table.grid.across() * table.grid.chunk_rows,
                                 chunk.index % table.grid.across() * table.grid.chunk_columns};
      unsigned mask = 1;
      haddr_t address = 0;
      hsize_t size = 0;
      checked(H5Dget_chunk_info_by_coord(dataset, offset, &mask, &address, &size), "find a chunk");
      REQUIRE(mask == 0);
      REQUIRE(address == chunk.address);
      REQUIRE(size == chunk.size);
    }
    const Hdf5Properties creation(H5Dget_create_plist(dataset), "properties");
    REQUIRE(H5Pget_nfilters(creation) == 2);
    const auto filter = [&](unsigned i) {
      unsigned flags = 0, settings = 0;
      std::size_t none = 0;
      return H5Pget_filter2(creation, i, &flags, &none, nullptr, 0, nullptr, &settings);
    };
    CHECK(filter(0) == H5Z_FILTER_SHUFFLE);
    CHECK(filter(1) == H5Z_FILTER_DEFLATE);
  }
}

TEST_CASE("equal records in any order, at any cost, give equal bytes outside /cost") {
  const TemporaryFolder folder;
  std::vector<Record> records = mixed_records();
  write_snapshot(folder / "a.h5", make_provenance(), source_of(records));
  std::mt19937_64 random(1);
  std::shuffle(records.begin(), records.end(), random);
  Provenance other = make_provenance();
  other.command_line = "mpirun -n 64 memscale run job.cfg -o elsewhere/a.h5";
  for (Record& record : records) {
    record.cost = make_record(12345).cost;
    record.cost.seconds = static_cast<double>(random());
    record.cost.host = "h";
  }
  write_snapshot(folder / "b.h5", other, source_of(records));
  for (const char* group : {"/", "trials", "labels", "failures", "traces", "recall", "jobs"}) {
    INFO(group);
    const Bytes a = group_bytes(folder / "a.h5", group);
    CHECK_FALSE(a.empty());
    CHECK(a == group_bytes(folder / "b.h5", group));
  }
  CHECK(group_bytes(folder / "a.h5", "cost") != group_bytes(folder / "b.h5", "cost"));
  // The same place in the file, too, and the same compressed bytes.
  const SnapshotParts a = take_apart(folder / "a.h5"), b = take_apart(folder / "b.h5");
  std::size_t compared = 0;
  for (const CatalogTable& table : a.catalog.tables) {
    if (table.name.starts_with("cost/")) continue;
    INFO(table.name);
    REQUIRE(b.catalog.find(table.name));
    REQUIRE(places_of(table) == places_of(*b.catalog.find(table.name)));
    for (const StoredChunk& chunk : table.chunks) {
      REQUIRE(std::memcmp(a.content.data() + chunk.address, b.content.data() + chunk.address, chunk.size) == 0);
      ++compared;
    }
  }
  CHECK(compared > 100);
}

TEST_CASE("a file in memory is taken as it stands, without a copy") {
  const Hdf5File file = create_image(std::size_t{1} << 22);
  write_texts(file, "texts", {"one", "two", "three"});
  write_attribute(file, "number", std::int64_t{7});
  checked(H5Fflush(file, H5F_SCOPE_LOCAL), "flush");
  std::vector<std::byte> copy(static_cast<std::size_t>(checked(H5Fget_file_image(file, nullptr, 0), "size")));
  checked(H5Fget_file_image(file, copy.data(), copy.size()), "copy");
  const auto image = flushed_image(file);
  CHECK(std::equal(image.begin(), image.end(), copy.begin(), copy.end()));
  CHECK(image.data() == *image_memory(file));
  CHECK(read_integer_attribute(open_image(copy), "number") == 7);
}
