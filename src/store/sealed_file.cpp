#include "memscale/store/sealed_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "memscale/core/bytes.hpp"
#include "memscale/core/text.hpp"
#include "memscale/store/crc32c.hpp"
#include "memscale/store/store_path.hpp"

namespace memscale {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t seal_magic = 0x454C414353'4D454D;  // "MEMSCALE"
constexpr std::uint64_t hdf5_magic = 0x0A1A0A0D'46444889;  // "\x89HDF\r\n\x1a\n"
constexpr std::size_t seal_size = 24;

std::vector<std::byte> make_seal(std::uint64_t size, std::uint32_t crc) {
  ByteWriter out;
  out.put(seal_magic);
  out.put(size);
  out.put(crc);
  out.put(std::uint32_t{0});
  return out.bytes();
}

std::size_t file_size(const FileDescriptor& file, const fs::path& path) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw_system_error(errno, "fstat", path);
  return static_cast<std::size_t>(status.st_size);
}

/// The file's last 24 bytes.
std::vector<std::byte> seal_of(const FileDescriptor& file, const fs::path& path) {
  const std::size_t size = file_size(file, path);
  if (size < sizeof hdf5_magic + seal_size) throw invalid_store(path, "is not a memscale store");
  std::vector<std::byte> bytes(sizeof hdf5_magic);
  std::uint64_t magic = 0;
  if (read_at(file, 0, bytes, path) == bytes.size()) ByteReader(bytes).get(magic);
  if (magic != hdf5_magic) throw invalid_store(path, "is not a memscale store");
  std::vector<std::byte> seal(seal_size);
  std::uint64_t sealed = 0;
  if (read_at(file, size - seal_size, seal, path) == seal_size) {
    ByteReader in(seal);
    in.get(magic);
    in.get(sealed);
  }
  if (magic != seal_magic || sealed != size - seal_size)
    throw invalid_store(path, "is not a memscale store, or a damaged store: cut short or changed by another program");
  return seal;
}

/// CRC of the first `size` bytes, read in pieces.
std::uint32_t crc_of(const FileDescriptor& file, std::size_t size, const fs::path& path) {
  std::vector<std::byte> bytes(std::min(size, std::size_t{1} << 20));
  Crc32c crc;
  for (std::size_t done = 0; done < size;) {
    const auto piece = std::span(bytes).first(std::min(bytes.size(), size - done));
    const std::size_t got = read_at(file, done, piece, path);
    if (got == 0) throw damaged_store(path, "it shrinks while it is read");
    crc.add(piece.first(got));
    done += got;
  }
  return crc.value();
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

}  // namespace

void write_sealed(const fs::path& path, std::span<const std::byte> content) {
  Crc32c crc;
  crc.add(content);
  const auto [file, name] = create_beside(path);
  try {
    write_all(file, content, name);
    write_all(file, make_seal(content.size(), crc.value()), name);
    sync_file(file, name);
    if (crc_of(file, content.size(), name) != crc.value()) throw_system_error(EIO, "read back", name);
    if (::rename(name.c_str(), path.c_str()) != 0) throw_system_error(errno, "rename", name);
  } catch (const std::exception&) {
    ::unlink(name.c_str());  // a leftover is removed by the next run
    throw;
  }
  sync_folder(path.parent_path());
}

std::vector<std::byte> read_sealed(const FileDescriptor& file, const fs::path& path) {
  const std::vector<std::byte> seal = seal_of(file, path);
  const std::size_t size = file_size(file, path) - seal_size;
  // The checksum first: memory is for bytes that are right.
  if (make_seal(size, crc_of(file, size, path)) != seal)
    throw damaged_store(path, "its bytes do not match its checksum");
  std::vector<std::byte> bytes(size);
  if (read_at(file, 0, bytes, path) != size) throw damaged_store(path, "it shrinks while it is read");
  return bytes;
}

void require_seal(const FileDescriptor& file, const fs::path& path) {
  seal_of(file, path);
}

void remove_leftovers(const fs::path& path) {
  const std::string stem = path.filename().string() + ".tmp-";
  std::error_code error;
  for (fs::directory_iterator entry(path.parent_path(), error), end; !error && entry != end; entry.increment(error))
    if (entry->path().filename().string().starts_with(stem)) remove_file(entry->path());
}

}  // namespace memscale
