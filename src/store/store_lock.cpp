#include "memscale/store/store_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "memscale/store/journal.hpp"

namespace memscale {

namespace {

/// Whether the open `file` is still the one of that name: a run that ends removes its lock.
bool is_named(const FileDescriptor& file, const std::filesystem::path& name) {
  struct stat open {
  }, named{};
  if (::fstat(file.get(), &open) != 0) throw_system_error(errno, "fstat", name);
  return ::stat(name.c_str(), &named) == 0 && open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

void make_folder(const StorePath& path) {
  if (::mkdir(path.journal.c_str(), 0777) == 0)
    sync_folder(path.folder);
  else if (errno != EEXIST)
    throw_system_error(errno, "mkdir", path.journal);
}

/// The locked file; none if another run removed the folder or the lock meanwhile.
FileDescriptor try_lock(const StorePath& path, const std::filesystem::path& name) {
  make_folder(path);
  FileDescriptor file;
  try {
    file = open_file(name, O_RDWR | O_CREAT);
  } catch (const std::system_error& error) {
    if (error.code() == std::errc::no_such_file_or_directory) return {};
    throw;
  }
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) throw invalid_store(path.snapshot, "is in use by another run");
    throw_system_error(errno, "flock", name);
  }
  if (!is_named(file, name)) return {};
  return file;
}

}  // namespace

StoreLock::StoreLock(const StorePath& path) : path_(path), name_(path.journal / "lock") {
  // A finishing run can take lock and folder away between two steps; each try begins anew.
  constexpr int tries = 100;
  try {
    for (int i = 0; i < tries && !file_; ++i) file_ = try_lock(path_, name_);
  } catch (const std::system_error& error) {
    throw invalid_store(path.snapshot, std::string("cannot be written: ") + error.what());
  }
  if (!file_) throw invalid_store(path.snapshot, "is in use by another run");
}

StoreLock::~StoreLock() {
  try {
    if (held() && journal_segments(path_.journal).empty()) remove();
  } catch (const std::system_error&) {
    // A lock file that stays hinders nobody.
  }
}

void StoreLock::remove() {
  remove_file(name_);
  file_ = FileDescriptor();  // before rmdir: NFS keeps a removed file under another name while it is open
  // Another run may have made a lock of its own in the folder by now: then it stays.
  if (::rmdir(path_.journal.c_str()) != 0 && errno != ENOTEMPTY && errno != EEXIST && errno != ENOENT)
    throw_system_error(errno, "rmdir", path_.journal);
  sync_folder(path_.folder);
}

}  // namespace memscale
