// Runs that want the same store at the same time: one has it, the others are refused in one clear line.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>

#include "catch.hpp"
#include "memscale/core/error.hpp"
#include "store/store_fixture.hpp"
#include "system_calls.hpp"

using namespace memscale;

namespace {

constexpr std::int64_t trials = 120;
constexpr int writers = 3;

/// Short runs of a few trials each, some finished and some left, until all trials have their results. Returns the
/// process's exit status: 0, or what went wrong.
int keep_running(const std::filesystem::path& path, std::atomic<int>& inside, int writer) {
  for (;;) {
    try {
      ResultStore store(path, make_writer());
      if (inside.fetch_add(1) != 0) return 3;
      int missing = 0;
      for (std::int64_t i = 0; i < trials && missing < 3; ++i) {
        if (store.has_result(trial_id(make_record(i).trial))) continue;
        store.append(make_record(i));
        ++missing;
      }
      if (inside.fetch_sub(1) != 1) return 3;
      if (missing == 0 || (missing + writer) % 2 == 0) store.finish();
      if (missing == 0) return 0;
    } catch (const InputError& error) {
      if (!contains(error.what(), "is in use by another run")) return 4;
      ::usleep(200);
    } catch (const std::exception&) {
      return 5;
    }
  }
}

}  // namespace

TEST_CASE("three runs at once on one store exclude each other and lose nothing") {
  const TemporaryFolder folder;
  write_store(folder / "undisturbed.h5", make_records(trials));
  const std::string undisturbed = file_bytes(folder / "undisturbed.h5");
  std::filesystem::remove(folder / "undisturbed.h5");
  void* shared = ::mmap(nullptr, sizeof(std::atomic<int>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(shared != MAP_FAILED);
  auto* inside = new (shared) std::atomic<int>(0);
  pid_t children[writers];
  for (int i = 0; i < writers; ++i) {
    children[i] = ::fork();
    REQUIRE(children[i] >= 0);
    if (children[i] == 0) ::_exit(keep_running(folder / "a.h5", *inside, i));
  }
  for (const pid_t child : children) {
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
  }
  ::munmap(shared, sizeof(std::atomic<int>));
  CHECK(file_bytes(folder / "a.h5") == undisturbed);
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5"});
}

TEST_CASE("a lock that its last holder removes meanwhile is no lock") {
  const TemporaryFolder folder;
  const auto path = folder / "a.h5";
  // The end of another run, between our opening of the lock file and its locking.
  before_lock = [&] { std::filesystem::remove_all(folder / "a.h5.journal"); };
  const ResultStore store(path, make_writer());
  CHECK_FALSE(before_lock);
  CHECK_THROWS_AS(ResultStore(path, make_writer()), InputError);
}
