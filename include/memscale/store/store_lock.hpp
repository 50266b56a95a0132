#pragma once

#include "memscale/store/file.hpp"
#include "memscale/store/store_path.hpp"

namespace memscale {

/// The one writer's right to a store: flock on `lock` in the journal's folder, which it creates. The kernel takes it
/// back when the process dies.
class StoreLock {
 public:
  /// Throws InputError if another run holds it, or the folder cannot be made or written.
  explicit StoreLock(const StorePath& path);
  /// Leaves no folder behind if there are no segments in it.
  ~StoreLock();
  StoreLock(const StoreLock&) = delete;
  StoreLock& operator=(const StoreLock&) = delete;

  bool held() const { return static_cast<bool>(file_); }
  /// Removes the lock and the folder. Call it when the journal has no segments left.
  void remove();

 private:
  StorePath path_;
  std::filesystem::path name_;
  FileDescriptor file_;
};

}  // namespace memscale
