// Checkpoints when system calls fail: the old one or the new one is there, whole, and nothing else is harmed.
#include <sys/stat.h>

#include "catch.hpp"
#include "fault_loop.hpp"
#include "memscale/store/checkpoint_folder.hpp"
#include "store/store_fixture.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

const std::vector<std::byte> older(3000, std::byte{1}), newer(5000, std::byte{2});

StorePath store_in(const fs::path& folder) {
  return resolve_store_path(folder / "a.h5");
}

void make_older(const fs::path& folder) {
  fs::create_directory(store_in(folder).journal);
  CheckpointFolder(store_in(folder)).save(1, older);
}

}  // namespace

TEST_CASE("any system call of saving a checkpoint may fail at any time") {
  using enum SystemCall;
  const auto act = [](const fs::path& folder, volatile std::uint64_t& acknowledged) {
    CheckpointFolder checkpoints(store_in(folder));
    const auto found = checkpoints.load(1);
    REQUIRE((!found || *found == older));  // a read that fails finds none
    checkpoints.save(1, newer);
    acknowledged = 1;
    checkpoints.save(2, newer);
    acknowledged = 2;
    checkpoints.remove(2);
    acknowledged = 3;
  };
  const auto check = [](const fs::path& folder, std::uint64_t acknowledged) {
    CheckpointFolder checkpoints(store_in(folder));
    const auto first = checkpoints.load(1), second = checkpoints.load(2);
    REQUIRE(first);
    REQUIRE((*first == newer || (*first == older && acknowledged == 0)));
    REQUIRE((acknowledged == 2 || !second || *second == newer));
    REQUIRE_FALSE((acknowledged == 3 && second));
    ResultStore(folder / "a.h5", make_writer()).finish();
    REQUIRE(names_in(folder) == std::vector<std::string>{"a.h5"});
  };
  const Scenario scenario{
      "checkpoint", {open, write, pread, fsync, rename, unlink, mkdir, close}, make_older, act, check};
  fail_every_call(scenario);
  exit_at_every_call(scenario);
}

TEST_CASE("a checkpoint's bytes are safe before its name is, and both before save returns") {
  const TemporaryFolder folder;
  fs::create_directory(store_in(folder.path()).journal);
  CheckpointFolder checkpoints(store_in(folder.path()));
  const CallLog log;
  checkpoints.save(1, newer);
  checkpoints.save(1, newer);
  const std::vector<std::string> expected{"mkdir",
                                          "fsync",  // the checkpoints' folder
                                          "create exclusively",
                                          "fsync",
                                          "rename",
                                          "fsync",  // bytes, name
                                          "mkdir",
                                          "create exclusively",
                                          "fsync",
                                          "rename",
                                          "fsync"};
  CHECK(log.names() == expected);
}
