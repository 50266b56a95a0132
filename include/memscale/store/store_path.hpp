#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "memscale/core/error.hpp"

namespace memscale {

/// Where the parts of one store stand.
struct StorePath {
  std::filesystem::path snapshot;  ///< absolute, symbolic links resolved: a rename must replace the file, not the link
  std::filesystem::path journal;   ///< folder `snapshot`.journal
  std::filesystem::path folder;    ///< holds both
};

/// Throws InputError for a path that names no file, or a folder or device.
StorePath resolve_store_path(const std::filesystem::path& path);

/// "invalid store=fig2.h5 (why)"
InputError invalid_store(const std::filesystem::path& path, const std::string& why);

/// "invalid store=fig2.h5 (damaged store: why)"
InputError damaged_store(const std::filesystem::path& path, const std::string& why);

/// Throws InputError for a format that no version up to this one has written.
void require_known_format(const std::filesystem::path& path, std::int64_t format);

}  // namespace memscale
