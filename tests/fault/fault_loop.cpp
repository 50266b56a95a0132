#include "fault_loop.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

#include "catch.hpp"
#include "full_counts.hpp"
#include "temporary_folder.hpp"

namespace memscale {

namespace {

std::vector<int> errors_of(SystemCall call) {
  switch (call) {
    case SystemCall::write:
      return {ENOSPC, EIO, EDQUOT, EINTR, Fault::short_count};
    case SystemCall::pread:
      return {EIO, EINTR, Fault::short_count};
    case SystemCall::open:
      return {EMFILE, ENOSPC, EIO, EDQUOT, EACCES, EINTR};
    case SystemCall::rename:
      return {EIO, ENOSPC, EDQUOT, EINVAL};  // EINVAL: a file system that knows no renameat2
    case SystemCall::lock:
      return {ENOLCK, EIO};
    default:
      return {EIO, ENOSPC, EDQUOT, EINTR};
  }
}

/// Every time in a full run; else the first few, then ever fewer.
int next_time(int nth) {
  return nth + count_of(1 + nth / 2, 1);
}

/// An error can last; the quick tests let one of each kind of call do so.
bool may_last(SystemCall call, int error) {
  if (error == EINTR) return false;  // interrupted for ever, nothing can end
  return full_counts() || error == errors_of(call).front();
}

/// Returns whether the fault came.
bool meet(const Scenario& scenario, const Fault& fault) {
  const TemporaryFolder folder;
  scenario.prepare(folder.path());
  std::uint64_t acknowledged = 0;
  bool fired = false;
  {
    const ArmedFault armed(fault);
    try {
      scenario.act(folder.path(), acknowledged);
    } catch (const std::runtime_error& error) {
      REQUIRE(std::string(error.what()).find('\n') == std::string::npos);
    }
    fired = armed.has_fired();
  }
  scenario.check(folder.path(), acknowledged);
  return fired;
}

/// Returns whether the process died. `acknowledged` is shared with it.
bool die(const Scenario& scenario, const Fault& fault, volatile std::uint64_t& acknowledged) {
  constexpr int completed = 7, refused = 8;
  const TemporaryFolder folder;
  scenario.prepare(folder.path());
  acknowledged = 0;
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const ArmedFault armed(fault);
    try {
      scenario.act(folder.path(), acknowledged);
    } catch (const std::exception&) {
      ::_exit(refused);
    }
    ::_exit(completed);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  REQUIRE(WEXITSTATUS(status) != refused);
  scenario.check(folder.path(), acknowledged);
  return WEXITSTATUS(status) != completed;
}

}  // namespace

void fail_every_call(const Scenario& scenario) {
  int runs = 0;
  for (const SystemCall call : scenario.calls)
    for (const int error : errors_of(call))
      for (const bool for_good : {false, true}) {
        if (for_good && !may_last(call, error)) continue;
        Fault fault{call, error, 1, for_good};
        INFO(scenario.name << ": system call " << static_cast<int>(call) << " errno " << error
                           << (for_good ? " for good" : " once"));
        for (; meet(scenario, fault); fault.nth = next_time(fault.nth)) {
          INFO("time " << fault.nth);
          ++runs;
        }
        CHECK(fault.nth > 1);
      }
  report("system calls that fail, " + scenario.name + ": " + std::to_string(runs) +
         " faults, nothing acknowledged lost");
}

void exit_at_every_call(const Scenario& scenario) {
  void* shared = ::mmap(nullptr, sizeof(std::uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(shared != MAP_FAILED);
  auto& acknowledged = *static_cast<volatile std::uint64_t*>(shared);
  int deaths = 0;
  for (const SystemCall call : scenario.calls) {
    Fault fault{call, Fault::exit_before, 1, false};
    INFO(scenario.name << ": end before system call " << static_cast<int>(call));
    for (; die(scenario, fault, acknowledged); fault.nth = next_time(fault.nth)) ++deaths;
    CHECK(fault.nth > 1);
  }
  ::munmap(shared, sizeof(std::uint64_t));
  report("ends at system calls, " + scenario.name + ": " + std::to_string(deaths) + " ends, nothing acknowledged lost");
}

}  // namespace memscale
