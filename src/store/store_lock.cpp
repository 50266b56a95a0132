#include "memscale/store/store_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <sstream>
#include <system_error>

#include "memscale/core/text.hpp"
#include "memscale/store/attempt_log.hpp"
#include "memscale/store/journal.hpp"
#include "memscale/store/run_state.hpp"

namespace memscale {

namespace {

std::filesystem::path lock_name(const StorePath& path) {
  return path.journal / "lock";
}

/// Whether the open `file` is still the one of that name: a run that ends removes its lock.
bool is_named(const FileDescriptor& file, const std::filesystem::path& name) {
  struct stat open {
  }, named{};
  if (::fstat(file.get(), &open) != 0) throw_system_error(errno, "fstat", name);
  return ::stat(name.c_str(), &named) == 0 && open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

void make_folder(const StorePath& path) {
  if (::mkdir(path.journal.c_str(), 0777) != 0 && errno != EEXIST) throw_system_error(errno, "mkdir", path.journal);
  sync_folder(path.folder);  // also of a folder that was there: who made it may have died before this
}

// A lock of the open file description, not of the process: it excludes a second store of the same process too, does not
// go when another descriptor of the file is closed, and others can ask for its holder.
#if defined(F_OFD_SETLK)

struct flock first_byte() {
  struct flock range {};  // l_pid must be 0
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  range.l_len = 1;
  return range;
}

bool take_lock(const FileDescriptor& file, const std::filesystem::path& name) {
  struct flock range = first_byte();
  if (::fcntl(file.get(), F_OFD_SETLK, &range) == 0) return true;
  if (errno == EAGAIN || errno == EACCES) return false;
  throw_system_error(errno, "lock", name);
}

StoreUse use_of(const FileDescriptor& file, const std::filesystem::path& name) {
  struct flock range = first_byte();
  if (::fcntl(file.get(), F_OFD_GETLK, &range) != 0) throw_system_error(errno, "ask for the lock of", name);
  return range.l_type == F_UNLCK ? StoreUse::idle : StoreUse::in_use;
}

#else

bool take_lock(const FileDescriptor& file, const std::filesystem::path& name) {
  if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) return true;
  if (errno == EWOULDBLOCK) return false;
  throw_system_error(errno, "lock", name);
}

StoreUse use_of(const FileDescriptor&, const std::filesystem::path&) {
  return StoreUse::unknown;
}

#endif

/// The locked file; none if another run removed the folder or the lock meanwhile.
FileDescriptor try_lock(const StorePath& path, const std::filesystem::path& name) {
  make_folder(path);
  FileDescriptor file;
  try {
    file = open_file(name, O_RDWR | O_CREAT | O_NOFOLLOW);
  } catch (const std::system_error& error) {
    if (error.code() == std::errc::no_such_file_or_directory) return {};
    throw;
  }
  if (!take_lock(file, name)) throw invalid_store(path.snapshot, "is in use by another run");
  if (!is_named(file, name)) return {};
  return file;
}

std::string now_text() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  std::array<char, 32> text{};
  if (!::gmtime_r(&now, &parts) || std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
    return "?";
  return text.data();
}

bool is_plain(const std::string& word) {
  return std::all_of(word.begin(), word.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

/// What the open lock says.
std::optional<LockHolder> read_holder(const FileDescriptor& file, const std::filesystem::path& name) {
  std::array<char, 512> text{};
  const std::size_t size = read_at(file, 0, std::as_writable_bytes(std::span(text)), name);
  std::istringstream words(std::string(text.data(), size));
  LockHolder holder;
  if (!(words >> holder.host >> holder.pid >> holder.started)) return std::nullopt;
  if (!is_plain(holder.host) || !is_plain(holder.pid) || !is_plain(holder.started)) return std::nullopt;
  return holder;
}

/// Says who holds the lock. Where it cannot (a full disk), or where the file holds something else, the lock stays
/// unsigned, and is as good.
void sign(const FileDescriptor& file, const std::filesystem::path& name) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || (status.st_size > 0 && !read_holder(file, name))) return;
  std::array<char, 256> host{};  // POSIX allows 255 characters
  if (::gethostname(host.data(), host.size() - 1) != 0 || host[0] == '\0') host = {'?'};
  const std::string text = host.data() + (' ' + to_text(std::int64_t{::getpid()})) + ' ' + now_text() + '\n';
  if (::ftruncate(file.get(), 0) == 0) static_cast<void>(!::pwrite(file.get(), text.data(), text.size(), 0));
}

/// The lock's file for reading; none if it is not there.
FileDescriptor find_lock(const std::filesystem::path& name) {
  try {
    return open_file(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (const std::system_error& error) {
    if (error.code() == std::errc::no_such_file_or_directory || error.code() == std::errc::not_a_directory) return {};
    throw;
  }
}

}  // namespace

namespace {

/// Deaths and checkpoints that a run without results has left are of use to the next.
bool holds_only_lock(const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().filename() != "lock") return false;
  return true;
}

}  // namespace

StoreLock::StoreLock(const StorePath& path) : path_(path), name_(lock_name(path)) {
  // A finishing run can take lock and folder away between two steps; each try begins anew.
  constexpr int tries = 100;
  try {
    for (int i = 0; i < tries && !file_; ++i) file_ = try_lock(path_, name_);
  } catch (const std::system_error& error) {
    throw invalid_store(path.snapshot, std::string("cannot be written: ") + error.what());
  }
  if (!file_) throw invalid_store(path.snapshot, "is in use by another run");
  sign(file_, name_);
}

StoreLock::~StoreLock() {
  try {
    if (held() && holds_only_lock(path_.journal)) remove();
  } catch (const std::system_error&) {
    // A lock file that stays hinders nobody.
  }
}

void StoreLock::remove() {
  remove_run_state(path_);
  remove_attempts(path_);
  remove_file(name_);
  file_ = FileDescriptor();  // before rmdir: NFS keeps a removed file under another name while it is open
  // Another run may have made a lock of its own in the folder by now: then it stays.
  if (::rmdir(path_.journal.c_str()) != 0 && errno != ENOTEMPTY && errno != ENOTDIR && errno != EEXIST &&
      errno != ENOENT)
    throw_system_error(errno, "rmdir", path_.journal);
  sync_folder(path_.folder);
}

StoreUse use_of(const StorePath& path) {
  const std::filesystem::path name = lock_name(path);
  const FileDescriptor file = find_lock(name);
  return file ? use_of(file, name) : StoreUse::idle;
}

std::optional<LockHolder> last_holder(const StorePath& path) {
  const std::filesystem::path name = lock_name(path);
  const FileDescriptor file = find_lock(name);
  return file ? read_holder(file, name) : std::nullopt;
}

}  // namespace memscale
