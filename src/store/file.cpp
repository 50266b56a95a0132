#include "memscale/store/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace memscale {

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

void throw_system_error(int error, const std::string& action, const std::filesystem::path& path) {
  throw std::system_error(error, std::generic_category(), action + " " + path.string());
}

FileDescriptor open_file(const std::filesystem::path& path, int flags) {
  constexpr mode_t mode = 0666;  // less the umask
  int fd = -1;
  do fd = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  while (fd < 0 && errno == EINTR);
  if (fd < 0) throw_system_error(errno, "open", path);
  return FileDescriptor(fd);
}

void write_all(const FileDescriptor& file, std::span<const std::byte> bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) throw_system_error(written < 0 ? errno : EIO, "write", path);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

std::size_t read_at(const FileDescriptor& file, std::size_t offset, std::span<std::byte> bytes,
                    const std::filesystem::path& path) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto rest = bytes.subspan(done);
    const ssize_t got = ::pread(file.get(), rest.data(), rest.size(), static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_system_error(errno, "read", path);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

void sync_file(const FileDescriptor& file, const std::filesystem::path& path) {
  if (::fsync(file.get()) != 0) throw_system_error(errno, "fsync", path);
}

void sync_folder(const std::filesystem::path& folder) {
  const FileDescriptor file = open_file(folder, O_RDONLY | O_DIRECTORY);
  // Some file systems have no fsync for folders (EINVAL): there the order of their own metadata writes must do.
  if (::fsync(file.get()) != 0 && errno != EINVAL) throw_system_error(errno, "fsync", folder);
}

void remove_file(const std::filesystem::path& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) throw_system_error(errno, "unlink", path);
}

}  // namespace memscale
