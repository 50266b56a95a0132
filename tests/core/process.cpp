#include "memscale/core/process.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include "catch.hpp"

using namespace memscale;

TEST_CASE("a process lives until it ends, also while nobody has waited for it") {
  CHECK(is_alive(::getpid()));
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    char byte = 0;
    ::close(ends[1]);
    ::_exit(::read(ends[0], &byte, 1) == 0 ? 0 : 1);
  }
  ::close(ends[0]);
  CHECK(is_alive(child));
  ::close(ends[1]);
  siginfo_t ended{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT) == 0);
  CHECK_FALSE(is_alive(child));
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  CHECK_FALSE(is_alive(child));
}

TEST_CASE("this machine has a name") {
  CHECK_FALSE(host_name().empty());
}
