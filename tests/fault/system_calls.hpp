#pragma once

#include <functional>
#include <string>
#include <vector>

namespace memscale {

/// The system calls through which a store touches the disk, as this program sees them: system_calls.cpp defines them
/// before the C library does. `rename` is also renameat2, `lock` is fcntl with F_OFD_SETLK.
enum class SystemCall {
  open,
  write,
  pread,
  pwrite,
  fsync,
  fdatasync,
  ftruncate,
  rename,
  link,
  unlink,
  mkdir,
  rmdir,
  lock,
  close
};
inline constexpr int system_calls = 14;

/// What the `nth` call of one kind (1 is the first) does, and every later one, too, if `for_good`.
struct Fault {
  static constexpr int short_count = -1;    ///< for `error`: half of the bytes
  static constexpr int exit_before = -2;    ///< for `error`: _exit(0) instead of the call
  static constexpr int garbled_write = -3;  ///< for `error`: other bytes
  SystemCall call = SystemCall::write;
  int error = 0;  ///< errno value
  int nth = 0;
  bool for_good = false;
};

/// Arms a fault for its life, and counts. All threads count together.
class ArmedFault {
 public:
  explicit ArmedFault(const Fault& fault);
  ~ArmedFault();
  ArmedFault(const ArmedFault&) = delete;
  ArmedFault& operator=(const ArmedFault&) = delete;
  /// Whether the nth call has come.
  bool has_fired() const;
};

/// Called once, before the next lock: what another process might do between two of our calls.
extern std::function<void()> before_lock;

/// Writes down the calls that order data on the disk for its life.
class CallLog {
 public:
  CallLog();
  ~CallLog();
  CallLog(const CallLog&) = delete;
  CallLog& operator=(const CallLog&) = delete;
  /// Names, in their order: fsync, fdatasync, rename, unlink, mkdir, rmdir, "create", "create exclusively".
  std::vector<std::string> names() const;
};

}  // namespace memscale
