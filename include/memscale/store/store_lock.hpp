#pragma once

#include <optional>
#include <string>

#include "memscale/store/file.hpp"
#include "memscale/store/store_path.hpp"

namespace memscale {

/// The one writer's right to a store: a lock on `lock` in the journal's folder, which it creates. The kernel takes it
/// back when the process dies. The file says who holds it, for people: "host pid 2024-01-31T12:00:00Z".
class StoreLock {
 public:
  /// Throws InputError if another run holds it, or the folder cannot be made or written.
  explicit StoreLock(const StorePath& path);
  /// Leaves no folder behind if there are no segments in it.
  ~StoreLock();
  StoreLock(const StoreLock&) = delete;
  StoreLock& operator=(const StoreLock&) = delete;

  bool held() const { return static_cast<bool>(file_); }
  /// Removes the lock, what the run said of itself (run_state.hpp) and the folder. Call it when the journal has no
  /// segments left.
  void remove();

 private:
  StorePath path_;
  std::filesystem::path name_;
  FileDescriptor file_;
};

/// Whether a process holds a store's lock.
enum class StoreUse {
  idle,
  in_use,
  unknown  ///< this system cannot tell without taking the lock itself
};

/// Takes no lock, not even for a moment. Throws std::system_error.
StoreUse use_of(const StorePath& path);

/// Who took the lock last, and may be long gone.
struct LockHolder {
  std::string host;
  std::string pid;
  std::string started;  ///< "2024-01-31T12:00:00Z"
};

/// What the lock's file says; nothing if there is none, or none with these three words. The words are printable ASCII.
std::optional<LockHolder> last_holder(const StorePath& path);

}  // namespace memscale
