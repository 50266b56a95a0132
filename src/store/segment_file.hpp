#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <utility>

#include "memscale/store/file.hpp"

namespace memscale {

/// The file of a journal segment. Killed runs can leave more segments than a process may open files: only those last
/// used stay open, a quarter of the limit but at least 16. Any thread.
class SegmentFile {
 public:
  /// Opens it. Throws std::system_error.
  explicit SegmentFile(std::filesystem::path path);
  ~SegmentFile();
  SegmentFile(const SegmentFile&) = delete;
  SegmentFile& operator=(const SegmentFile&) = delete;

  /// The open file; it stays open while that is held. Throws std::system_error: no_such_file_or_directory if it was
  /// closed, and removed or replaced since.
  std::shared_ptr<const FileDescriptor> open() const;

 private:
  std::pair<dev_t, ino_t> identity_of(const FileDescriptor& file) const;

  std::filesystem::path path_;
  std::pair<dev_t, ino_t> identity_;
};

}  // namespace memscale
