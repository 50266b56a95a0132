#include <fcntl.h>

#include "catch.hpp"
#include "memscale/core/error.hpp"
#include "memscale/store/hdf5_image.hpp"
#include "memscale/store/sealed_file.hpp"
#include "memscale/store/snapshot.hpp"
#include "store_fixture.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

StoreContents read(const fs::path& path) {
  return read_snapshot(open_file(path, O_RDONLY), path);
}

/// Makes a store file from `change`d HDF5 content, sealed as if memscale had written it.
template <class Change>
void rewrite(const fs::path& path, Change&& change) {
  std::vector<std::byte> bytes = read_sealed(open_file(path, O_RDONLY), path);
  const Hdf5Properties access(H5Pcreate(H5P_FILE_ACCESS), "make properties");
  checked(H5Pset_fapl_core(access, 1 << 16, false), "keep in memory");
  checked(H5Pset_file_image(access, bytes.data(), bytes.size()), "take bytes");
  const Hdf5File file(H5Fopen("rewrite", H5F_ACC_RDWR, access), "open");
  change(file);
  write_sealed(path, image_bytes(file));
}

void set_first(hid_t file, const std::string& name, hid_t type, const void* value) {
  const Hdf5Dataset dataset(H5Dopen2(file, name.c_str(), H5P_DEFAULT), "open");
  const Hdf5Space all(H5Dget_space(dataset), "space");
  const hsize_t start[2] = {0, 0}, count[2] = {1, 1};  // of a table, the first row's first number
  checked(H5Sselect_hyperslab(all, H5S_SELECT_SET, start, nullptr, count, nullptr), "select");
  const Hdf5Space one(H5Screate_simple(1, count, nullptr), "space");
  checked(H5Dwrite(dataset, type, one, all, H5P_DEFAULT, value), "write");
}

void make_chunked(hid_t file, const char* name, hid_t type, const std::vector<hsize_t>& extent,
                  const std::vector<hsize_t>& chunk) {
  const auto rank = static_cast<int>(extent.size());
  const Hdf5Space space(H5Screate_simple(rank, extent.data(), nullptr), "space");
  const Hdf5Properties creation(H5Pcreate(H5P_DATASET_CREATE), "properties");
  checked(H5Pset_chunk(creation, rank, chunk.data()), "chunk");
  Hdf5Dataset(H5Dcreate2(file, name, type, space, H5P_DEFAULT, creation, H5P_DEFAULT), "make");
}

/// Puts a table without any number in the place of /traces/capacity.
void replace_trace(hid_t file, const std::vector<hsize_t>& extent, const std::vector<hsize_t>& chunk,
                   hid_t type = H5T_IEEE_F64LE) {
  checked(H5Ldelete(file, "traces/capacity", H5P_DEFAULT), "delete");
  make_chunked(file, "traces/capacity", type, extent, chunk);
}

void set_attribute(hid_t file, const std::string& name, std::int64_t value) {
  checked(H5Adelete(file, name.c_str()), "delete");
  write_attribute(file, name, value);
}

void remove_link(hid_t file, const std::string& name) {
  checked(H5Ldelete(file, name.c_str(), H5P_DEFAULT), "delete");
}

}  // namespace

TEST_CASE("a snapshot that is sealed but wrong is refused with the reason") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  std::vector<Record> records = make_records(3);
  records.push_back(make_failure(4, "no"));
  write_snapshot(path, make_provenance(), records);
  const auto refused = [&](auto change) {
    rewrite(path, change);
    return message_of<InputError>([&] { read(path); });
  };
  const std::int64_t wrong = 123456;
  const std::int32_t code = 77;
  SECTION("another format") {
    CHECK(contains(refused([](hid_t file) { set_attribute(file, "format", 999); }), "format 999"));
  }
  SECTION("another physics") {
    CHECK(contains(refused([](hid_t file) { set_attribute(file, "physics", 999); }), "physics version 999"));
  }
  SECTION("no version") {
    CHECK(contains(refused([](hid_t file) { checked(H5Adelete(file, "format"), "delete"); }), "not a memscale store"));
  }
  SECTION("a changed parameter") {
    const auto change = [&](hid_t file) { set_first(file, "trials/d", H5T_NATIVE_INT64, &wrong); };
    CHECK(contains(refused(change), "damaged store"));
  }
  SECTION("an enum's code without a name") {
    const auto change = [&](hid_t file) { set_first(file, "trials/optimizer_id", H5T_NATIVE_INT32, &code); };
    CHECK(contains(refused(change), "damaged store"));
  }
  SECTION("a status that is not its name") {
    const auto status = static_cast<std::int32_t>(sorted_by_id(records).front().result.status);
    const std::int32_t other = (status + 1) % 3;
    const auto change = [&](hid_t file) { set_first(file, "trials/status_id", H5T_NATIVE_INT32, &other); };
    CHECK(contains(refused(change), "status"));
  }
  for (const std::string& name :
       std::vector<std::string>{"trials/capacity", "trials/trial_id", "cost/host", "cost", "failures/message"})
    SECTION("without " + name) {
      const auto message = refused([&](hid_t file) { remove_link(file, name); });
      CHECK(contains(message, "damaged store"));
      CHECK(contains(message, fs::path(name).filename().string()));
    }
  SECTION("a shorter column") {
    const auto change = [](hid_t file) {
      remove_link(file, "trials/capacity");
      write_column(open_group(file, "trials"), {"capacity", std::vector<std::int64_t>{1, 2}});
    };
    CHECK(contains(refused(change), "capacity"));
  }
  SECTION("a column of another type") {
    const auto change = [](hid_t file) {
      remove_link(file, "trials/capacity");
      write_column(open_group(file, "trials"), {"capacity", std::vector<double>{1, 2, 3, 4}});
    };
    CHECK(contains(refused(change), "capacity"));
  }
  for (const std::string& name :
       std::vector<std::string>{"traces/train_loss", "traces", "recall/recovered", "recall/rank_hi"})
    SECTION("without " + name) {
      const auto message = refused([&](hid_t file) { remove_link(file, name); });
      CHECK(contains(message, "damaged store"));
      CHECK(contains(message, fs::path(name).filename().string()));
    }
  const std::string table = "table capacity";
  SECTION("a table with a row less") {
    CHECK(contains(refused([](hid_t file) { replace_trace(file, {3, 3}, {3, 3}); }), table));
  }
  SECTION("a table with a step more") {
    CHECK(contains(refused([](hid_t file) { replace_trace(file, {4, 4}, {4, 4}); }), table));
  }
  SECTION("a table with other chunks") {
    CHECK(contains(refused([](hid_t file) { replace_trace(file, {4, 3}, {2, 3}); }), table));
  }
  SECTION("a table of other numbers") {
    CHECK(contains(refused([](hid_t file) { replace_trace(file, {4, 3}, {4, 3}, H5T_IEEE_F32LE); }), table));
  }
  SECTION("a table without its chunks") {
    CHECK(contains(refused([](hid_t file) { replace_trace(file, {4, 3}, {4, 3}); }), "misses rows"));
  }
  SECTION("a column without its chunks") {
    const auto change = [](hid_t file) {
      remove_link(file, "trials/capacity");
      make_chunked(file, "trials/capacity", H5T_STD_I64LE, {4}, {4});
    };
    CHECK(contains(refused(change), "misses rows"));
  }
  SECTION("more steps than anyone could do") {
    const std::int64_t steps = std::int64_t{1} << 50;
    const auto change = [&](hid_t file) {
      const std::vector<std::int64_t> all(4, steps);
      const Hdf5Dataset dataset(H5Dopen2(file, "trials/steps_done", H5P_DEFAULT), "open");
      checked(H5Dwrite(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, all.data()), "write");
      replace_trace(file, {4, hsize_t{1} << 50}, {4, 2048});
    };
    CHECK(contains(refused(change), "misses rows"));
  }
  SECTION("recall of more items than the bin has") {
    const std::int32_t count = 2;
    const auto change = [&](hid_t file) { set_first(file, "recall/recovered", H5T_NATIVE_INT32, &count); };
    CHECK(contains(refused(change), "recall is not within its bin"));
  }
  SECTION("bins that are none") {
    const auto change = [&](hid_t file) { set_first(file, "recall/rank_lo", H5T_NATIVE_INT64, &wrong); };
    CHECK(contains(refused(change), "rank_lo"));
  }
  SECTION("a column as long as the world") {
    const auto change = [](hid_t file) {
      remove_link(file, "trials/trial_id");
      const hsize_t rows = hsize_t{1} << 40;
      const Hdf5Space space(H5Screate_simple(1, &rows, nullptr), "space");
      const Hdf5Type type(H5Tcopy(H5T_C_S1), "type");
      checked(H5Tset_size(type, 16), "size");
      const Hdf5Properties creation(H5Pcreate(H5P_DATASET_CREATE), "properties");
      const hsize_t chunk = 1024;
      checked(H5Pset_chunk(creation, 1, &chunk), "chunk");
      Hdf5Dataset(H5Dcreate2(file, "trials/trial_id", type, space, H5P_DEFAULT, creation, H5P_DEFAULT), "make");
    };
    CHECK(contains(refused(change), "damaged store"));
  }
}
