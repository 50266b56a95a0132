// The process that parses files of earlier formats may crash, loop or take all memory: its parent is told, and that is
// all.

#include "../../src/store/legacy_child.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <vector>

#include "catch.hpp"
#include "store_fixture.hpp"

using namespace memscale;

namespace {

constexpr ChildLimits some{std::uint64_t{1} << 28, 2, 300};
constexpr ChildLimits brief{std::uint64_t{1} << 28, 2, 1};

/// How a child that does `work` ends; "" if well.
template <class Work>
std::string end_of(const Work& work) {
  Child child("a.h5", some, [&](const FileDescriptor&) { work(); });
  std::vector<std::byte> nothing(1);
  CHECK(child.read(nothing) == 0);
  return child.wait();
}

}  // namespace

TEST_CASE("a child gives what it writes, in pieces and to its end") {
  std::vector<std::byte> sent(300000, std::byte{7}), got(sent.size() + 1);
  Child child("a.h5", some, [&](const FileDescriptor& pipe) { write_all(pipe, sent, "pipe"); });
  CHECK(child.read(std::span(got).first(1)) == 1);
  CHECK(child.read(std::span(got).subspan(1)) == sent.size() - 1);
  CHECK(child.wait().empty());
}

TEST_CASE("a child that crashes, loops, throws or takes too much memory ends with a reason") {
  const std::size_t files = names_in("/proc/self/fd").size();
  CHECK(end_of([] {}).empty());
  CHECK(end_of([] { ::raise(SIGILL); }) == "crashed (signal 4)");
  CHECK(end_of([] { ::raise(SIGSEGV); }) == "crashed (signal 11)");
  CHECK(end_of([] { throw std::runtime_error("no"); }) == "failed");
  CHECK(end_of([] { ::raise(SIGTERM); }) == "crashed (signal 15)");
  CHECK(end_of([] {
          for (volatile bool forever = true; forever;) {
          }
        }) == "took too long or too much memory");
#ifndef MEMSCALE_SANITIZE
  CHECK(end_of([] {
          std::vector<char> large(std::size_t{1} << 29, 'x');
          if (large[large.size() / 2] == 'x') ::_exit(0);
        }) == "failed");
#endif
  CHECK(names_in("/proc/self/fd").size() == files);
}

TEST_CASE("a child that is not waited for is ended, and says nothing") {
  {
    Child child("a.h5", some, [](const FileDescriptor&) {
      for (;;) ::pause();
    });
  }
  CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
  CHECK(errno == ECHILD);
}

TEST_CASE("a child that says nothing, or stops saying it, or never ends is not waited for without end") {
  std::vector<std::byte> bytes(100000);
  const auto sleep = [] {
    for (;;) ::pause();
  };
  {
    Child child("a.h5", brief, [&](const FileDescriptor& pipe) {
      write_all(pipe, std::span(bytes).first(10), "pipe");
      sleep();
    });
    CHECK(child.read(bytes) == 10);
    CHECK(child.wait() == "took too long or too much memory");
  }
  {
    Child child("a.h5", brief, [&](const FileDescriptor& pipe) {
      ::close(pipe.get());
      sleep();
    });
    CHECK(child.read(bytes) == 0);
    CHECK(child.wait() == "took too long or too much memory");
  }
  Child child("a.h5", some, [&](const FileDescriptor& pipe) {
    for (;;) write_all(pipe, bytes, "pipe");
  });
  CHECK(child.read(std::span(bytes).first(10)) == 10);
  CHECK_FALSE(child.wait().empty());  // its pipe is closed
}

TEST_CASE("a child does not take over how its parent meets signals") {
  const auto before = ::signal(SIGTERM, SIG_IGN);
  CHECK(end_of([] { ::raise(SIGTERM); }) == "crashed (signal 15)");
  ::signal(SIGTERM, before);
}
