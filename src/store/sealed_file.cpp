#include "memscale/store/sealed_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include "memscale/core/bytes.hpp"
#include "memscale/core/text.hpp"
#include "memscale/store/checksum.hpp"
#include "memscale/store/result_store.hpp"
#include "memscale/store/store_path.hpp"

namespace memscale {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t hdf5_magic = 0x0A1A0A0D'46444889;    // "\x89HDF\r\n\x1a\n"
constexpr std::uint64_t seal_magic = 0x45524F54'534D454D;    // "MEMSTORE"
constexpr std::uint64_t legacy_magic = 0x454C4143'534D454D;  // "MEMSCALE"
constexpr std::size_t seal_size = 40, legacy_seal_size = 24, checksum_size = 8;

/// The seal without its checksum.
std::vector<std::byte> seal_bytes(std::uint64_t size, std::uint64_t catalog) {
  ByteWriter out;
  out.put(seal_magic);
  out.put(store_format_version);
  out.put(size);
  out.put(catalog);
  return out.bytes();
}

std::uint64_t file_size(const FileDescriptor& file, const fs::path& path) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw_system_error(errno, "fstat", path);
  return static_cast<std::uint64_t>(status.st_size);
}

/// Reads all of `bytes`, which the file had when its size was asked for.
void read_whole(const FileDescriptor& file, std::uint64_t offset, std::span<std::byte> bytes, const fs::path& path) {
  if (read_at(file, offset, bytes, path) != bytes.size()) throw damaged_store(path, "it shrinks while it is read");
}

std::uint64_t number_at(const FileDescriptor& file, std::uint64_t offset, const fs::path& path) {
  std::vector<std::byte> bytes(sizeof(std::uint64_t));
  read_whole(file, offset, bytes, path);
  std::uint64_t number = 0;
  ByteReader(bytes).get(number);
  return number;
}

/// Checksum of the first `size` bytes, read in pieces.
std::uint64_t checksum_of(const FileDescriptor& file, std::uint64_t size, const fs::path& path) {
  std::vector<std::byte> bytes(std::min<std::uint64_t>(size, std::uint64_t{1} << 20));
  Checksum checksum;
  for (std::uint64_t done = 0; done < size;) {
    const auto piece = std::span(bytes).first(std::min<std::uint64_t>(bytes.size(), size - done));
    read_whole(file, done, piece, path);
    checksum.add(piece);
    done += piece.size();
  }
  return checksum.value();
}

/// A new file beside `path`.
std::pair<FileDescriptor, fs::path> create_beside(const fs::path& path) {
  const std::string stem = path.string() + ".tmp-" + to_text(std::int64_t{::getpid()});
  for (std::int64_t i = 0;; ++i) {
    const fs::path name = i == 0 ? stem : stem + "-" + to_text(i);
    try {
      return {open_file(name, O_RDWR | O_CREAT | O_EXCL), name};
    } catch (const std::system_error& error) {
      if (error.code() != std::errc::file_exists || i == 100) throw;
    }
  }
}

/// So that a store that only some may read stays so. Not worth a snapshot: a file system without permissions has none.
void keep_permissions(const FileDescriptor& file, const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && ::fchmod(file.get(), status.st_mode & 07777) != 0) return;
}

/// Takes the digits at the beginning of `text` away; whether there were any.
bool take_number(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(end);
  return end > 0;
}

/// What stands behind ".tmp-" in the temporary names of this program: PID, PID-N, and the same behind new-PID.tmp- (see
/// write_new_store). Other files of such names are somebody's own.
bool is_writers_mark(std::string_view text) {
  constexpr std::string_view of_new = "new-", stem = ".tmp-";
  if (text.starts_with(of_new)) {
    text.remove_prefix(of_new.size());
    if (!take_number(text)) return false;
    if (text.empty()) return true;
    if (!text.starts_with(stem)) return false;
    text.remove_prefix(stem.size());
  }
  if (!take_number(text)) return false;
  if (!text.starts_with('-')) return text.empty();
  text.remove_prefix(1);
  return take_number(text) && text.empty();
}

InputError not_sealed(const fs::path& path) {
  return invalid_store(path, "is not a memscale store, or a damaged store: cut short or changed by another program");
}

}  // namespace

SealedDraft::SealedDraft(fs::path path, std::span<const std::byte> content, std::span<const std::byte> catalog)
    : path_(std::move(path)) {
  const std::vector<std::byte> seal = seal_bytes(content.size() + catalog.size(), content.size());
  Checksum checksum;
  for (const std::span<const std::byte> part : {content, catalog, std::span<const std::byte>(seal)}) checksum.add(part);
  ByteWriter sum;
  sum.put(checksum.value());
  FileDescriptor file;
  std::tie(file, name_) = create_beside(path_);
  try {
    keep_permissions(file, path_);
    write_all(file, content, name_);
    write_all(file, catalog, name_);
    write_all(file, seal, name_);
    write_all(file, sum.bytes(), name_);
    sync_file(file, name_);
    if (checksum_of(file, content.size() + catalog.size() + seal.size(), name_) != checksum.value())
      throw_system_error(EIO, "read back", name_);
  } catch (const std::exception&) {
    ::unlink(name_.c_str());  // a leftover is removed by the next run
    throw;
  }
}

SealedDraft::~SealedDraft() {
  if (!name_.empty()) ::unlink(name_.c_str());
}

void SealedDraft::put_in_place() {
  if (::rename(name_.c_str(), path_.c_str()) != 0) throw_system_error(errno, "rename", name_);
  name_.clear();
  sync_folder(path_.parent_path());
}

Seal read_seal(const FileDescriptor& file, const fs::path& path) {
  const std::uint64_t size = file_size(file, path);
  if (size < sizeof hdf5_magic + legacy_seal_size || number_at(file, 0, path) != hdf5_magic)
    throw invalid_store(path, "is not a memscale store");
  if (size >= sizeof hdf5_magic + seal_size && number_at(file, size - seal_size, path) == seal_magic) {
    Seal seal;
    seal.format = static_cast<std::int64_t>(number_at(file, size - seal_size + 8, path));
    seal.size = number_at(file, size - seal_size + 16, path);
    seal.catalog = number_at(file, size - seal_size + 24, path);
    if (seal.format > store_format_version) return seal;
    if (seal.format >= first_format_with_catalog && seal.size == size - seal_size && seal.catalog <= seal.size)
      return seal;
    throw not_sealed(path);
  }
  const std::uint64_t content = size - legacy_seal_size;
  if (number_at(file, content, path) != legacy_magic || number_at(file, content + 8, path) != content)
    throw not_sealed(path);
  return {2, content, 0};
}

Seal check_seal(const FileDescriptor& file, const fs::path& path) {
  const Seal seal = read_seal(file, path);
  if (seal.format < first_format_with_catalog || seal.format > store_format_version)
    throw invalid_store(path, "is of format " + to_text(seal.format) + "; this program reads formats " +
                                  to_text(first_format_with_catalog) + " to " + to_text(store_format_version) +
                                  " here");
  const std::uint64_t sealed = seal.size + seal_size - checksum_size;
  if (checksum_of(file, sealed, path) != number_at(file, sealed, path))
    throw damaged_store(path, "its bytes do not match its checksum");
  return seal;
}

void remove_leftovers(const fs::path& path) {
  const std::string stem = path.filename().string() + ".tmp-";
  std::error_code error;
  for (fs::directory_iterator entry(path.parent_path(), error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with(stem) && is_writers_mark(std::string_view(name).substr(stem.size())) &&
        fs::is_regular_file(entry->symlink_status()))
      remove_file(entry->path());
  }
}

}  // namespace memscale
