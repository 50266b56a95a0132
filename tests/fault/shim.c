/* Preloaded into a program: its n-th system call of one kind on files of a store fails.
 *
 * MEMSCALE_FAULT = CALL:ERROR:N:once|always   "write:ENOSPC:17:once"
 *   CALL   open write pread fsync fdatasync ftruncate rename unlink mkdir rmdir close
 *   ERROR  ENOSPC EIO EDQUOT EINTR EACCES; SHORT (write: half of the bytes); EXIT: _exit(99) instead of the call
 * MEMSCALE_FAULT_FILES  calls on paths that hold this text count, others do not
 * MEMSCALE_FAULT_FIRED  a file that is created when the fault comes
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum { none = 0, short_count = -1, exit_instead = -2 };

static char call_name[16], files[PATH_MAX];
static long nth;
static int error_code, always;
static atomic_long seen;

static int error_of(const char* name) {
  static const struct {
    const char* name;
    int value;
  } errors[] = {{"ENOSPC", ENOSPC}, {"EIO", EIO},           {"EDQUOT", EDQUOT},    {"EINTR", EINTR},
                {"EACCES", EACCES}, {"SHORT", short_count}, {"EXIT", exit_instead}};
  for (size_t i = 0; i < sizeof errors / sizeof *errors; ++i)
    if (strcmp(name, errors[i].name) == 0) return errors[i].value;
  return none;
}

__attribute__((constructor)) static void read_fault(void) {
  const char *fault = getenv("MEMSCALE_FAULT"), *where = getenv("MEMSCALE_FAULT_FILES");
  char error[16], repeat[16];
  if (fault == NULL || where == NULL) return;
  if (sscanf(fault, "%15[^:]:%15[^:]:%ld:%15s", call_name, error, &nth, repeat) != 4 || error_of(error) == none ||
      strlen(where) >= sizeof files) {
    fprintf(stderr, "shim: cannot read MEMSCALE_FAULT=%s\n", fault);
    _exit(98);
  }
  strcpy(files, where);
  error_code = error_of(error);
  always = strcmp(repeat, "always") == 0;
}

/* What the call shall do; `none` to go on. */
static int fault_of(const char* call, const char* path) {
  if (error_code == none || strcmp(call, call_name) != 0 || strstr(path, files) == NULL) return none;
  const long count = atomic_fetch_add(&seen, 1) + 1;
  if (always ? count < nth : count != nth) return none;
  const char* fired = getenv("MEMSCALE_FAULT_FIRED");
  if (fired != NULL) syscall(SYS_close, syscall(SYS_openat, AT_FDCWD, fired, O_WRONLY | O_CREAT, 0600));
  if (error_code == exit_instead) _exit(99);
  return error_code;
}

static int fault_of_descriptor(const char* call, int fd) {
  char link[32], path[PATH_MAX];
  if (error_code == none || strcmp(call, call_name) != 0) return none;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return none;
  path[length] = '\0';
  return fault_of(call, path);
}

static void* next(const char* name) {
  return dlsym(RTLD_NEXT, name);
}

#define FAIL_IF(fault)      \
  do {                      \
    const int code = fault; \
    if (code > 0) {         \
      errno = code;         \
      return -1;            \
    }                       \
  } while (0)

#define DEFINE_OPEN(name)                                                    \
  int name(const char* path, int flags, ...) {                               \
    mode_t mode = 0;                                                         \
    if (flags & (O_CREAT | __O_TMPFILE)) {                                   \
      va_list arguments;                                                     \
      va_start(arguments, flags);                                            \
      mode = va_arg(arguments, mode_t);                                      \
      va_end(arguments);                                                     \
    }                                                                        \
    FAIL_IF(fault_of("open", path));                                         \
    return ((int (*)(const char*, int, ...))next(#name))(path, flags, mode); \
  }
DEFINE_OPEN(open)
DEFINE_OPEN(open64)

ssize_t write(int fd, const void* bytes, size_t size) {
  const int fault = fault_of_descriptor("write", fd);
  FAIL_IF(fault);
  if (fault == short_count && size > 1) size /= 2;
  return ((ssize_t(*)(int, const void*, size_t))next("write"))(fd, bytes, size);
}

#define DEFINE_READ(name)                                                                 \
  ssize_t name(int fd, void* bytes, size_t size, off_t offset) {                          \
    const int fault = fault_of_descriptor("pread", fd);                                   \
    FAIL_IF(fault);                                                                       \
    if (fault == short_count && size > 1) size /= 2;                                      \
    return ((ssize_t(*)(int, void*, size_t, off_t))next(#name))(fd, bytes, size, offset); \
  }
DEFINE_READ(pread)
DEFINE_READ(pread64)

int fsync(int fd) {
  FAIL_IF(fault_of_descriptor("fsync", fd));
  return ((int (*)(int))next("fsync"))(fd);
}

int fdatasync(int fd) {
  FAIL_IF(fault_of_descriptor("fdatasync", fd));
  return ((int (*)(int))next("fdatasync"))(fd);
}

#define DEFINE_TRUNCATE(name)                            \
  int name(int fd, off_t size) {                         \
    FAIL_IF(fault_of_descriptor("ftruncate", fd));       \
    return ((int (*)(int, off_t))next(#name))(fd, size); \
  }
DEFINE_TRUNCATE(ftruncate)
DEFINE_TRUNCATE(ftruncate64)

int rename(const char* from, const char* to) {
  FAIL_IF(fault_of("rename", to));
  return ((int (*)(const char*, const char*))next("rename"))(from, to);
}

int link(const char* from, const char* to) {
  FAIL_IF(fault_of("link", to));
  return ((int (*)(const char*, const char*))next("link"))(from, to);
}

int unlink(const char* path) {
  FAIL_IF(fault_of("unlink", path));
  return ((int (*)(const char*))next("unlink"))(path);
}

int mkdir(const char* path, mode_t mode) {
  FAIL_IF(fault_of("mkdir", path));
  return ((int (*)(const char*, mode_t))next("mkdir"))(path, mode);
}

int rmdir(const char* path) {
  FAIL_IF(fault_of("rmdir", path));
  return ((int (*)(const char*))next("rmdir"))(path);
}

/* As Linux does it: an error is told, and the descriptor is closed all the same. */
int close(int fd) {
  const int fault = fault_of_descriptor("close", fd);
  const int result = ((int (*)(int))next("close"))(fd);
  FAIL_IF(fault);
  return result;
}
