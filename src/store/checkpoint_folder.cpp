#include "memscale/store/checkpoint_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "memscale/core/bytes.hpp"
#include "memscale/core/text.hpp"
#include "memscale/store/checksum.hpp"
#include "memscale/store/file.hpp"
#include "memscale/store/new_file.hpp"

namespace memscale {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t seal_magic = 0x54504B43'534D454D;  // "MEMSCKPT"
constexpr std::int64_t seal_format = 1;
constexpr std::size_t seal_size = 40;
constexpr std::size_t digits = 16;  ///< of a file's name

std::vector<std::byte> make_seal(std::uint64_t trial_id, std::span<const std::byte> content) {
  ByteWriter out;
  out.put(seal_magic);
  out.put(seal_format);
  out.put(trial_id);
  out.put(std::uint64_t{content.size()});
  Checksum checksum;
  checksum.add(content);
  checksum.add(out.bytes());
  out.put(checksum.value());
  return std::move(out).bytes();
}

/// All bytes of a regular file.
std::vector<std::byte> read_file(const fs::path& path) {
  const FileDescriptor file = open_file(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);  // a pipe would be waited for
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw_system_error(errno, "fstat", path);
  if (!S_ISREG(status.st_mode)) throw_system_error(EINVAL, "read", path);
  std::vector<std::byte> bytes(static_cast<std::size_t>(status.st_size));
  bytes.resize(read_at(file, 0, bytes, path));
  return bytes;
}

void make_folder(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0777) == 0) return sync_folder(folder.parent_path());
  if (errno != EEXIST) throw_system_error(errno, "mkdir", folder);
}

/// A checkpoint, or what was to become one.
struct FoundFile {
  fs::path path;
  std::uint64_t trial_id = 0;
  bool is_temporary = false;
};

/// Nothing for a file of another name.
std::optional<FoundFile> parse_name(const fs::path& path) {
  FoundFile file{path};
  const std::string name = path.filename().string();
  const auto parsed = std::from_chars(name.data(), name.data() + std::min(digits, name.size()), file.trial_id, 16);
  if (parsed.ec != std::errc() || !name.starts_with(to_hex(file.trial_id))) return std::nullopt;
  const std::string_view rest = std::string_view(name).substr(digits);
  file.is_temporary = rest.starts_with(".tmp-");
  return rest.empty() || file.is_temporary ? std::optional(file) : std::nullopt;
}

/// Regular files alone; none if there is no folder.
std::vector<FoundFile> files_in(const fs::path& folder) {
  std::vector<FoundFile> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (auto file = parse_name(entry->path()); file && fs::is_regular_file(entry->symlink_status()))
      files.push_back(std::move(*file));
  if (error && error != std::errc::no_such_file_or_directory && error != std::errc::not_a_directory)
    throw_system_error(error.value(), "read", folder);
  return files;
}

/// Removes a file that did not get its name.
class Draft {
 public:
  explicit Draft(const fs::path& path) {
    for (std::int64_t i = 0; !file_; ++i) {
      name_ = temporary_name(path, i);
      try {
        file_ = open_file(name_, O_WRONLY | O_CREAT | O_EXCL);
      } catch (const std::system_error& error) {
        if (error.code() != std::errc::file_exists || i + 1 == temporary_names) throw;
      }
    }
  }
  ~Draft() {
    if (!name_.empty()) ::unlink(name_.c_str());
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  void write(std::span<const std::byte> bytes) { write_all(file_, bytes, name_); }
  void put_in_place(const fs::path& path) {
    sync_file(file_, name_);
    if (::rename(name_.c_str(), path.c_str()) != 0) throw_system_error(errno, "rename", name_);
    name_.clear();
    sync_folder(path.parent_path());
  }

 private:
  fs::path name_;
  FileDescriptor file_;
};

}  // namespace

CheckpointFolder::CheckpointFolder(const StorePath& store) : folder_(store.journal / "checkpoints") {}

fs::path CheckpointFolder::file_of(std::uint64_t trial_id) const {
  return folder_ / to_hex(trial_id);
}

std::optional<std::vector<std::byte>> CheckpointFolder::load(std::uint64_t trial_id) {
  std::vector<std::byte> bytes;
  try {
    bytes = read_file(file_of(trial_id));
  } catch (const std::system_error&) {
    return std::nullopt;
  }
  if (bytes.size() < seal_size) return std::nullopt;
  const auto content = std::span<const std::byte>(bytes).first(bytes.size() - seal_size);
  const std::vector<std::byte> seal = make_seal(trial_id, content);
  if (!std::equal(seal.begin(), seal.end(), bytes.end() - seal_size)) return std::nullopt;
  bytes.resize(content.size());
  return bytes;
}

void CheckpointFolder::save(std::uint64_t trial_id, std::span<const std::byte> bytes) {
  make_folder(folder_);
  const fs::path path = file_of(trial_id);
  Draft draft(path);
  draft.write(bytes);
  draft.write(make_seal(trial_id, bytes));
  draft.put_in_place(path);
}

std::vector<std::uint64_t> CheckpointFolder::ids() const {
  std::vector<std::uint64_t> ids;
  for (const FoundFile& file : files_in(folder_))
    if (!file.is_temporary) ids.push_back(file.trial_id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

void CheckpointFolder::remove(std::uint64_t trial_id) {
  remove_file(file_of(trial_id));
}

void CheckpointFolder::remove_leftovers() {
  for (const FoundFile& file : files_in(folder_))
    if (file.is_temporary) remove_file(file.path);
}

void CheckpointFolder::remove_all() {
  std::error_code error;
  if (!fs::is_directory(fs::symlink_status(folder_, error))) return;
  for (const FoundFile& file : files_in(folder_)) remove_file(file.path);
  if (::rmdir(folder_.c_str()) != 0 && errno != ENOENT && errno != ENOTEMPTY && errno != EEXIST)
    throw_system_error(errno, "rmdir", folder_);
}

}  // namespace memscale
