#include "memscale/store/checkpoint_folder.hpp"

#include <sys/stat.h>

#include <system_error>

#include "catch.hpp"
#include "memscale/core/text.hpp"
#include "memscale/store/prune_store.hpp"
#include "memscale/store/store_lock.hpp"
#include "store_fixture.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

using Bytes = std::vector<std::byte>;

Bytes some_bytes(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t k = 0; k < size; ++k) bytes[k] = static_cast<std::byte>(k * k % 251);
  return bytes;
}

/// A store's path, the journal's folder made as a run makes it.
StorePath store_in(const TemporaryFolder& folder) {
  const StorePath path = resolve_store_path(folder / "a.h5");
  fs::create_directory(path.journal);
  return path;
}

fs::path file_of(const StorePath& path, std::uint64_t id) {
  return path.journal / "checkpoints" / to_hex(id);
}

std::uint64_t id_of(std::int64_t i) {
  return trial_id(make_record(i).trial);
}

}  // namespace

TEST_CASE("a checkpoint is loaded as it was saved, and the last one counts") {
  const TemporaryFolder folder;
  const StorePath path = store_in(folder);
  CheckpointFolder checkpoints(path);
  CHECK_FALSE(checkpoints.load(7));
  CHECK(checkpoints.ids().empty());
  checkpoints.remove(7);
  checkpoints.remove_leftovers();
  checkpoints.remove_all();
  CHECK(names_in(path.journal).empty());  // nothing is made before the first save
  for (std::size_t size : {0, 1, 39, 1'000'000, 5}) {
    checkpoints.save(7, some_bytes(size));
    CHECK(CheckpointFolder(path).load(7) == some_bytes(size));
    CHECK(fs::file_size(file_of(path, 7)) == size + 40);
  }
  checkpoints.save(0xfedcba9876543210, some_bytes(3));
  checkpoints.save(0, some_bytes(4));
  CHECK(checkpoints.ids() == std::vector<std::uint64_t>{0, 7, 0xfedcba9876543210});
  CHECK(names_in(path.journal / "checkpoints") ==
        std::vector<std::string>{"0000000000000000", "0000000000000007", "fedcba9876543210"});
  checkpoints.remove(7);
  CHECK_FALSE(checkpoints.load(7));
  CHECK(checkpoints.load(0) == some_bytes(4));
  CHECK(checkpoints.ids() == std::vector<std::uint64_t>{0, 0xfedcba9876543210});
  checkpoints.remove_all();
  CHECK(names_in(path.journal).empty());
}

TEST_CASE("a damaged checkpoint counts as none: every truncation, every byte") {
  const TemporaryFolder folder;
  const StorePath path = store_in(folder);
  CheckpointFolder checkpoints(path);
  checkpoints.save(7, some_bytes(50));
  const fs::path file = file_of(path, 7);
  const std::string sound = file_bytes(file);
  for (std::size_t size = 0; size < sound.size(); ++size) {
    write_bytes(file, sound.substr(0, size));
    CHECK_FALSE(checkpoints.load(7));
  }
  for (std::size_t k = 0; k < sound.size(); ++k) {
    std::string bytes = sound;
    bytes[k] = static_cast<char>(bytes[k] ^ (1 << (k % 8)));
    write_bytes(file, bytes);
    CHECK_FALSE(checkpoints.load(7));
  }
  write_bytes(file, sound + "x");
  CHECK_FALSE(checkpoints.load(7));
  write_bytes(file, sound);
  CHECK(checkpoints.load(7) == some_bytes(50));
  fs::copy_file(file, file_of(path, 8));  // whole, but another trial's
  CHECK_FALSE(checkpoints.load(8));
  checkpoints.save(8, some_bytes(2));
  CHECK(checkpoints.load(8) == some_bytes(2));
}

TEST_CASE("what is no file is no checkpoint, and is not waited for") {
  const TemporaryFolder folder;
  const StorePath path = store_in(folder);
  CheckpointFolder checkpoints(path);
  checkpoints.save(1, some_bytes(1));
  REQUIRE(::mkfifo(file_of(path, 2).c_str(), 0600) == 0);
  fs::create_directory(file_of(path, 3));
  fs::create_symlink(file_of(path, 1), file_of(path, 4));
  for (std::uint64_t id : {2, 3, 4}) CHECK_FALSE(checkpoints.load(id));
  CHECK(checkpoints.ids() == std::vector<std::uint64_t>{1});
  CHECK_THROWS_AS(checkpoints.save(3, some_bytes(1)), std::system_error);  // no file takes a folder's place
  CHECK(names_in(path.journal / "checkpoints").size() == 4);               // and no temporary one stays
  const TemporaryFolder other;
  const StorePath in_the_way = store_in(other);
  write_bytes(in_the_way.journal / "checkpoints", "mine");
  CheckpointFolder blocked(in_the_way);
  CHECK_THROWS_AS(blocked.save(1, some_bytes(1)), std::system_error);
  CHECK_FALSE(blocked.load(1));
  CHECK(blocked.ids().empty());
  blocked.remove_all();
  CHECK(file_bytes(in_the_way.journal / "checkpoints") == "mine");
}

TEST_CASE("without the journal's folder nothing is saved") {
  const TemporaryFolder folder;
  CheckpointFolder checkpoints(resolve_store_path(folder / "a.h5"));
  CHECK_THROWS_AS(checkpoints.save(1, some_bytes(1)), std::system_error);
  CHECK(names_in(folder.path()).empty());
}

TEST_CASE("leftovers of killed processes go, other files stay") {
  const TemporaryFolder folder;
  const StorePath path = store_in(folder);
  CheckpointFolder checkpoints(path);
  checkpoints.save(1, some_bytes(1));
  const fs::path inside = path.journal / "checkpoints";
  const std::vector<std::string> leftovers{"0000000000000001.tmp-77", "0000000000000009.tmp-77-3"};
  const std::vector<std::string> others{"00000000000000001", "0000000000000001.bak", "000000000000000A", "1", "notes"};
  for (const auto& names : {leftovers, others})
    for (const std::string& name : names) write_bytes(inside / name, "x");
  CHECK(checkpoints.ids() == std::vector<std::uint64_t>{1});
  checkpoints.remove_leftovers();
  CHECK(checkpoints.load(1) == some_bytes(1));
  CHECK(names_in(inside).size() == 1 + others.size());
  write_bytes(inside / leftovers[0], "x");
  checkpoints.remove_all();
  CHECK(names_in(inside) == others);
}

TEST_CASE("a finished store keeps no checkpoints") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  CheckpointFolder checkpoints(resolve_store_path(path));
  ResultStore store(path, make_writer());
  for (std::int64_t i = 0; i < 3; ++i) store.append(make_record(i));
  for (std::int64_t i = 0; i < 5; ++i) checkpoints.save(id_of(i), some_bytes(9));
  store.finish();
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5"});
}

TEST_CASE("a store with work left keeps the checkpoints of trials that have no result, and is read as ever") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  CheckpointFolder checkpoints(resolve_store_path(path));
  {
    ResultStore store(path, make_writer());
    for (std::int64_t i = 0; i < 3; ++i) store.append(make_record(i));
    store.append(make_failure(3, "out of memory"));
    for (std::int64_t i = 0; i < 5; ++i) checkpoints.save(id_of(i), some_bytes(static_cast<std::size_t>(i)));
    store.finish(Work::left);
  }
  CHECK(names_in(folder / "a.h5.journal") == std::vector<std::string>{"checkpoints"});
  // The failed one may have been run again, and been interrupted.
  CHECK(checkpoints.ids().size() == 2);
  CHECK(checkpoints.load(id_of(3)) == some_bytes(3));
  CHECK(checkpoints.load(id_of(4)) == some_bytes(4));
  CHECK(read_store(path).records.size() == 4);
  CHECK(use_of(resolve_store_path(path)) == StoreUse::idle);
  prune_store(path, {{}, {FieldCondition("status=failed")}}, PruneMode::remove);
  CHECK(read_store(path).records.size() == 3);
  CHECK(checkpoints.ids().size() == 2);
  {
    ResultStore store(path, make_writer());
    CHECK(checkpoints.load(id_of(4)) == some_bytes(4));
    store.append(make_record(3));
    store.append(make_record(4));
    store.finish();
  }
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5"});
  CHECK(read_store(path).records.size() == 5);
}

TEST_CASE("a run that ends without a result leaves its checkpoints") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  CheckpointFolder checkpoints(resolve_store_path(path));
  {
    const ResultStore store(path, make_writer());
    checkpoints.save(id_of(4), some_bytes(4));
  }
  CHECK(names_in(folder / "a.h5.journal") == std::vector<std::string>{"checkpoints", "lock"});
  CHECK(read_store(path).records.empty());
  ResultStore(path, make_writer()).finish();
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5"});
}
