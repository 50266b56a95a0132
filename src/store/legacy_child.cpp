#include "legacy_child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <system_error>
#include <thread>

#include "memscale/core/text.hpp"

namespace memscale {

namespace {

namespace fs = std::filesystem;

void lower_limit(decltype(RLIMIT_AS) resource, rlim_t most, const fs::path& path) {
  rlimit limit{};
  if (::getrlimit(resource, &limit) != 0) throw_system_error(errno, "getrlimit for", path);
  // Both: at the hard limit of time the kernel kills, whatever the process does with SIGXCPU.
  limit.rlim_cur = limit.rlim_max = std::min(most, limit.rlim_max);
  if (::setrlimit(resource, &limit) != 0) throw_system_error(errno, "setrlimit for", path);
}

/// Bytes of address space of this process.
std::uint64_t address_space() {
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void limit_process(const ChildLimits& limits, const fs::path& path) {
  lower_limit(RLIMIT_CORE, 0, path);
  lower_limit(RLIMIT_CPU, limits.seconds, path);
#ifndef MEMSCALE_SANITIZE  // whose shadow memory takes all of the address space
  lower_limit(RLIMIT_AS, address_space() + limits.memory, path);
#endif
}

/// What the C library, HDF5 or a sanitizer say of a crash is not for the user.
void silence(const fs::path& path) {
  const FileDescriptor nowhere = open_file("/dev/null", O_WRONLY);
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO})
    if (::dup2(nowhere.get(), stream) < 0) throw_system_error(errno, "dup2 for", path);
}

/// Handlers of this program would make a child outlive the signals that are meant to end it.
void reset_signals() {
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);  // fails for KILL and STOP, as it may
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void run_child(pid_t parent, const fs::path& path, const ChildLimits& limits, const FileDescriptor& pipe,
                            const std::function<void(const FileDescriptor&)>& work) {
  int status = 1;
  try {
    // A child that outlived a killed run would keep the store's lock, which it inherited.
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != parent) ::_exit(status);
    reset_signals();
    silence(path);
    limit_process(limits, path);
    work(pipe);
    status = 0;
  } catch (...) {
    // The status tells.
  }
  ::_exit(status);
}

}  // namespace

Child::Child(const fs::path& path, ChildLimits limits, const std::function<void(const FileDescriptor&)>& work)
    : path_(path), deadline_(Clock::now() + std::chrono::seconds(limits.wait)) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw_system_error(errno, "pipe for", path);
  pipe_ = FileDescriptor(ends[0]);
  const FileDescriptor write_end(ends[1]);
  const pid_t parent = ::getpid();
  process_ = ::fork();
  if (process_ < 0) throw_system_error(errno, "fork for", path);
  if (process_ == 0) {
    pipe_ = FileDescriptor();  // so that a write fails once the parent is gone
    run_child(parent, path, limits, write_end, work);
  }
}

Child::~Child() {
  if (process_ < 0) return;
  deadline_ = Clock::time_point::min();
  wait();
}

/// False when time is over.
bool Child::wait_for_bytes() const {
  constexpr std::chrono::milliseconds longest = std::chrono::hours(1);  // poll counts in int
  for (;;) {
    const auto now = Clock::now();
    if (now >= deadline_) return false;
    const auto rest = std::min(std::chrono::ceil<std::chrono::milliseconds>(deadline_ - now), longest);
    pollfd pipe{pipe_.get(), POLLIN, 0};
    const int ready = ::poll(&pipe, 1, static_cast<int>(rest.count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) throw_system_error(errno, "poll pipe for", path_);
  }
}

std::size_t Child::read(std::span<std::byte> bytes) {
  std::size_t done = 0;
  while (done < bytes.size() && wait_for_bytes()) {
    const ssize_t got = ::read(pipe_.get(), bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_system_error(errno, "read pipe for", path_);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

std::string Child::wait() {
  int status = 0;
  pid_t ended = -1;
  pipe_ = FileDescriptor();
  do {
    const bool is_late = Clock::now() >= deadline_;
    if (is_late) ::kill(process_, SIGKILL);
    ended = ::waitpid(process_, &status, is_late ? 0 : WNOHANG);
    if (ended == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  } while (ended == 0 || (ended < 0 && errno == EINTR));
  process_ = -1;
  if (ended < 0) return errno == ECHILD ? "" : "was lost";  // ECHILD: who ignores SIGCHLD is told nothing
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return "took too long or too much memory";
  if (WIFSIGNALED(status)) return "crashed (signal " + to_text(std::int64_t{WTERMSIG(status)}) + ")";
  return WEXITSTATUS(status) == 0 ? "" : "failed";
}

}  // namespace memscale
