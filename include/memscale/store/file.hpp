#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <utility>

namespace memscale {

/// Owns a POSIX file descriptor. Closing ignores errors: whatever must last was synced before.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileDescriptor();

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

/// Throws the std::system_error of `error` (an errno value): "write fig2.h5: No space left on device".
[[noreturn]] void throw_system_error(int error, const std::string& action, const std::filesystem::path& path);

/// Opens with O_CLOEXEC. Throws std::system_error.
FileDescriptor open_file(const std::filesystem::path& path, int flags);

/// Writes all of `bytes`. Throws std::system_error; part of them may then stand in the file.
void write_all(const FileDescriptor& file, std::span<const std::byte> bytes, const std::filesystem::path& path);

/// Reads at `offset` until `bytes` is full or the file ends; returns how many were read. Throws std::system_error.
std::size_t read_at(const FileDescriptor& file, std::size_t offset, std::span<std::byte> bytes,
                    const std::filesystem::path& path);

/// fsync. Throws std::system_error.
void sync_file(const FileDescriptor& file, const std::filesystem::path& path);

/// Makes names created, renamed or removed in `folder` last. Throws std::system_error.
void sync_folder(const std::filesystem::path& folder);

/// unlink; a file that is not there is fine. Throws std::system_error.
void remove_file(const std::filesystem::path& path);

}  // namespace memscale
