#include "system_calls.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <utility>

namespace memscale {

std::function<void()> before_flock;

namespace {

const Fault* armed = nullptr;
int seen = 0;
bool logging = false;
std::vector<std::string> log;

/// The C library's (or the sanitizer's) own function of that name.
template <class F>
F next(const char* name) {
  return reinterpret_cast<F>(::dlsym(RTLD_NEXT, name));
}

/// The fault that this call shall have; 0 for none.
int fault_of(SystemCall call) {
  if (armed == nullptr || armed->call != call) return 0;
  ++seen;
  const bool hit = armed->for_good ? seen >= armed->nth : seen == armed->nth;
  if (hit && armed->error == Fault::exit_before) ::_exit(0);
  return hit ? armed->error : 0;
}

void note(const char* name) {
  if (logging) log.emplace_back(name);
}

/// Fails like the fault, or does the call.
template <class Do>
auto with_fault(SystemCall call, Do&& act) -> decltype(act()) {
  if (const int error = fault_of(call); error > 0) {
    errno = error;
    return -1;
  }
  return act();
}

}  // namespace

ArmedFault::ArmedFault(const Fault& fault) {
  seen = 0;
  armed = &fault;
}
ArmedFault::~ArmedFault() {
  armed = nullptr;
}
bool ArmedFault::has_fired() const {
  return seen >= armed->nth;
}

CallLog::CallLog() {
  log.clear();
  logging = true;
}
CallLog::~CallLog() {
  logging = false;
}
const std::vector<std::string>& CallLog::names() const {
  return log;
}

}  // namespace memscale

using memscale::SystemCall;
using memscale::with_fault;

extern "C" {

int open(const char* path, int flags, ...) {
  mode_t mode = 0;
  if ((flags & O_CREAT) != 0) {
    va_list arguments;
    va_start(arguments, flags);
    mode = va_arg(arguments, mode_t);
    va_end(arguments);
    memscale::note((flags & O_EXCL) != 0 ? "create exclusively" : "create");
  }
  static const auto original = memscale::next<int (*)(const char*, int, ...)>("open");
  return with_fault(SystemCall::open, [&] { return original(path, flags, mode); });
}

ssize_t write(int fd, const void* bytes, size_t size) {
  static const auto original = memscale::next<ssize_t (*)(int, const void*, size_t)>("write");
  const int error = memscale::fault_of(SystemCall::write);
  if (error > 0) {
    errno = error;
    return -1;
  }
  if (error == memscale::Fault::garbled_write) {
    std::string other(static_cast<const char*>(bytes), size);
    for (char& c : other) c = static_cast<char>(~c);
    return original(fd, other.data(), size);
  }
  return original(fd, bytes, error == memscale::Fault::short_write ? std::max<size_t>(size / 2, 1) : size);
}

ssize_t pread(int fd, void* bytes, size_t size, off_t offset) {
  static const auto original = memscale::next<ssize_t (*)(int, void*, size_t, off_t)>("pread");
  return with_fault(SystemCall::pread, [&] { return original(fd, bytes, size, offset); });
}

int fsync(int fd) {
  memscale::note("fsync");
  static const auto original = memscale::next<int (*)(int)>("fsync");
  return with_fault(SystemCall::fsync, [&] { return original(fd); });
}

int fdatasync(int fd) {
  memscale::note("fdatasync");
  static const auto original = memscale::next<int (*)(int)>("fdatasync");
  return with_fault(SystemCall::fdatasync, [&] { return original(fd); });
}

int ftruncate(int fd, off_t size) noexcept {
  static const auto original = memscale::next<int (*)(int, off_t)>("ftruncate");
  return with_fault(SystemCall::ftruncate, [&] { return original(fd, size); });
}

int rename(const char* from, const char* to) noexcept {
  memscale::note("rename");
  static const auto original = memscale::next<int (*)(const char*, const char*)>("rename");
  return with_fault(SystemCall::rename, [&] { return original(from, to); });
}

int unlink(const char* path) noexcept {
  memscale::note("unlink");
  static const auto original = memscale::next<int (*)(const char*)>("unlink");
  return with_fault(SystemCall::unlink, [&] { return original(path); });
}

int mkdir(const char* path, mode_t mode) noexcept {
  memscale::note("mkdir");
  static const auto original = memscale::next<int (*)(const char*, mode_t)>("mkdir");
  return with_fault(SystemCall::mkdir, [&] { return original(path, mode); });
}

int rmdir(const char* path) noexcept {
  memscale::note("rmdir");
  static const auto original = memscale::next<int (*)(const char*)>("rmdir");
  return with_fault(SystemCall::rmdir, [&] { return original(path); });
}

int flock(int fd, int operation) noexcept {
  if (memscale::before_flock) std::exchange(memscale::before_flock, nullptr)();
  static const auto original = memscale::next<int (*)(int, int)>("flock");
  return with_fault(SystemCall::flock, [&] { return original(fd, operation); });
}

int close(int fd) {
  static const auto original = memscale::next<int (*)(int)>("close");
  // As Linux does it: an error is told, and the descriptor is closed all the same.
  const int result = original(fd);
  return with_fault(SystemCall::close, [&] { return result; });
}

}  // extern "C"
