#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "memscale/store/file.hpp"

namespace memscale {

/// A sealed file ends with 24 bytes behind the HDF5 file's own end, which HDF5 ignores: "MEMSCALE", u64 the number of
/// bytes before the seal, u32 their CRC-32C, u32 zero. Bytes that do not match their seal never reach HDF5, which can
/// crash on damaged files, and can read missing parts as zeros.

/// Puts `content` and its seal in the place of `path`: written under a temporary name in the same folder, synced,
/// read back, renamed, the folder synced. Throws std::system_error; `path` is then what it was.
void write_sealed(const std::filesystem::path& path, std::span<const std::byte> content);

/// The content of a file. Throws std::system_error; InputError for one that is not sealed, or not as it was sealed.
std::vector<std::byte> read_sealed(const FileDescriptor& file, const std::filesystem::path& path);

/// Throws InputError unless the file begins as HDF5 and ends with a seal: cheap, does not read what lies between.
void require_seal(const FileDescriptor& file, const std::filesystem::path& path);

/// Removes temporary files that writers of `path` left when they were killed. Only the holder of the lock may call it.
void remove_leftovers(const std::filesystem::path& path);

}  // namespace memscale
