#include "system_calls.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <mutex>
#include <utility>

namespace memscale {

std::function<void()> before_lock;

namespace {

std::atomic<const Fault*> armed{nullptr};
std::atomic<int> seen{0};
std::atomic<bool> logging{false};
std::mutex log_mutex;
std::vector<std::string> log;

/// The C library's (or the sanitizer's) own function of that name.
template <class F>
F next(const char* name) {
  return reinterpret_cast<F>(::dlsym(RTLD_NEXT, name));
}

/// The fault that this call shall have; 0 for none.
int fault_of(SystemCall call) {
  const Fault* fault = armed;
  if (fault == nullptr || fault->call != call) return 0;
  const int count = ++seen;
  const bool hit = fault->for_good ? count >= fault->nth : count == fault->nth;
  if (hit && fault->error == Fault::exit_before) ::_exit(0);
  return hit ? fault->error : 0;
}

void note(const char* name) {
  if (!logging) return;
  const std::lock_guard hold(log_mutex);
  log.emplace_back(name);
}

/// Half of the bytes for a short count.
size_t shortened(int error, size_t size) {
  return error == Fault::short_count ? std::max<size_t>(size / 2, 1) : size;
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
  return seen >= armed.load()->nth;
}

CallLog::CallLog() {
  log.clear();
  logging = true;
}
CallLog::~CallLog() {
  logging = false;
}
std::vector<std::string> CallLog::names() const {
  const std::lock_guard hold(log_mutex);
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
  return original(fd, bytes, memscale::shortened(error, size));
}

ssize_t pread(int fd, void* bytes, size_t size, off_t offset) {
  static const auto original = memscale::next<ssize_t (*)(int, void*, size_t, off_t)>("pread");
  const int error = memscale::fault_of(SystemCall::pread);
  if (error > 0) {
    errno = error;
    return -1;
  }
  return original(fd, bytes, memscale::shortened(error, size), offset);
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  static const auto original = memscale::next<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
  return with_fault(SystemCall::pwrite, [&] { return original(fd, bytes, size, offset); });
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

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept {
  memscale::note("rename");
  static const auto original = memscale::next<int (*)(int, const char*, int, const char*, unsigned)>("renameat2");
  return with_fault(SystemCall::rename, [&] { return original(from_folder, from, to_folder, to, flags); });
}

int link(const char* from, const char* to) noexcept {
  static const auto original = memscale::next<int (*)(const char*, const char*)>("link");
  return with_fault(SystemCall::link, [&] { return original(from, to); });
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

int fcntl(int fd, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void* argument = va_arg(arguments, void*);  // an int comes in the same register
  va_end(arguments);
  static const auto original = memscale::next<int (*)(int, int, ...)>("fcntl");
  const auto act = [&] { return original(fd, command, argument); };
  if (command != F_OFD_SETLK) return act();
  if (memscale::before_lock) std::exchange(memscale::before_lock, nullptr)();
  return with_fault(SystemCall::lock, act);
}

int close(int fd) {
  static const auto original = memscale::next<int (*)(int)>("close");
  // As Linux does it: an error is told, and the descriptor is closed all the same.
  const int result = original(fd);
  return with_fault(SystemCall::close, [&] { return result; });
}

}  // extern "C"
