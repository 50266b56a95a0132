#include "memscale/store/new_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace fs = std::filesystem;

namespace {

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

void require_new(std::string_view key, const fs::path& path) {
  std::error_code error;
  if (!path.has_filename() || path.filename() == "." || path.filename() == "..")
    throw invalid(key, path.string(), "must be the name of a file");
  if (fs::exists(fs::symlink_status(path, error))) throw invalid(key, path.string(), "exists: not overwritten");
  if (!fs::is_directory(folder_of(path), error)) throw invalid(key, path.string(), "its folder does not exist");
}

FileDescriptor create_beside(const fs::path& path, fs::path& name) {
  for (std::int64_t i = 0;; ++i) {
    name = temporary_name(path, i);
    try {
      return open_file(name, O_WRONLY | O_CREAT | O_EXCL);
    } catch (const std::system_error& error) {
      if (error.code() != std::errc::file_exists || i + 1 == temporary_names) throw;
    }
  }
}

}  // namespace

fs::path temporary_name(const fs::path& path, std::int64_t number) {
  const std::string stem = path.string() + ".tmp-" + to_text(std::int64_t{::getpid()});
  return number == 0 ? stem : stem + "-" + to_text(number);
}

void rename_to_new(const fs::path& from, const fs::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return;
  if (errno != EINVAL && errno != ENOSYS) throw_system_error(errno, "rename", to);
  // A file system that knows no such rename (NFS): a second name, then, which is refused where there is a file.
  if (::link(from.c_str(), to.c_str()) != 0) throw_system_error(errno, "link", to);
  remove_file(from);
}

NewFile::NewFile(std::string_view key, fs::path path) : path_(std::move(path)) {
  require_new(key, path_);
  file_ = create_beside(path_, temporary_);
}

NewFile::~NewFile() {
  if (file_ && !temporary_.empty()) ::unlink(temporary_.c_str());
}

void NewFile::publish() {
  sync_file(file_, path_);
  rename_to_new(temporary_, path_);
  temporary_.clear();
  sync_folder(folder_of(path_));
}

}  // namespace memscale
