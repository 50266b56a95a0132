#include "memscale/store/store_lock.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <optional>

#include "catch.hpp"
#include "memscale/core/error.hpp"
#include "store_fixture.hpp"

using namespace memscale;

namespace {

/// A child that holds the lock until it is killed; returns when it does.
pid_t fork_holder(const StorePath& path) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    char byte = 'x';
    try {
      const StoreLock lock(path);
      byte = 'y';
      static_cast<void>(!::write(ends[1], &byte, 1));
      for (;;) ::pause();
    } catch (const std::exception&) {
      static_cast<void>(!::write(ends[1], &byte, 1));
    }
    ::_exit(1);
  }
  char byte = 0;
  REQUIRE(::read(ends[0], &byte, 1) == 1);
  REQUIRE(byte == 'y');
  ::close(ends[0]);
  ::close(ends[1]);
  return child;
}

void end(pid_t child) {
  REQUIRE(::kill(child, SIGKILL) == 0);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
}

}  // namespace

TEST_CASE("a store has one lock, in one process as well") {
  const TemporaryFolder folder;
  const StorePath path = resolve_store_path(folder / "a.h5");
  CHECK(use_of(path) == StoreUse::idle);
  {
    const StoreLock lock(path);
    CHECK(use_of(path) == StoreUse::in_use);
    CHECK(contains(message_of<InputError>([&] { StoreLock second(path); }), "is in use by another run"));
    CHECK(use_of(path) == StoreUse::in_use);
  }
  CHECK(use_of(path) == StoreUse::idle);
  CHECK(names_in(folder.path()).empty());
}

TEST_CASE("another process's lock is seen without being touched, and goes with the process") {
  const TemporaryFolder folder;
  const StorePath path = resolve_store_path(folder / "a.h5");
  const pid_t child = fork_holder(path);
  for (int i = 0; i < 100; ++i) REQUIRE(use_of(path) == StoreUse::in_use);
  CHECK(contains(message_of<InputError>([&] { StoreLock second(path); }), "is in use by another run"));
  auto holder = last_holder(path);
  REQUIRE(holder);
  CHECK(holder->pid == std::to_string(child));
  CHECK(holder->started.size() == 20);
  CHECK(holder->started.back() == 'Z');
  end(child);
  CHECK(use_of(path) == StoreUse::idle);
  CHECK(last_holder(path)->pid == std::to_string(child));
  {
    const StoreLock lock(path);
    CHECK(last_holder(path)->pid == std::to_string(::getpid()));
  }
  CHECK_FALSE(last_holder(path));
}

TEST_CASE("whoever looks at a lock cannot make a run fail that begins meanwhile") {
  const TemporaryFolder folder;
  const StorePath path = resolve_store_path(folder / "a.h5");
  end(fork_holder(path));  // leaves the lock's file
  const pid_t watcher = ::fork();
  REQUIRE(watcher >= 0);
  if (watcher == 0)
    for (;;) use_of(path), last_holder(path);
  int refused = 0;
  for (int i = 0; i < 2000; ++i) {
    try {
      StoreLock lock(path);
      if (i % 2 == 0) lock.remove();
    } catch (const InputError&) {
      ++refused;
    }
  }
  end(watcher);
  CHECK(refused == 0);
}

TEST_CASE("a lock's file that says something else is left as it is") {
  const TemporaryFolder folder;
  const StorePath path = resolve_store_path(folder / "a.h5");
  std::filesystem::create_directory(path.journal);
  for (const char* text : {"two words\n", "a b \x1b[31mc\n", "mine"}) {
    write_bytes(path.journal / "lock", text);
    std::optional<StoreLock> lock;
    lock.emplace(path);
    CHECK(use_of(path) == StoreUse::in_use);
    CHECK_FALSE(last_holder(path));
    CHECK(file_bytes(path.journal / "lock") == text);
    lock.reset();
    std::filesystem::create_directory(path.journal);
  }
}
