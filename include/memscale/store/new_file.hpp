#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "memscale/store/file.hpp"

namespace memscale {

/// Gives `from` the name `to` in the same folder, which no file may have. Throws std::system_error: file_exists if one
/// has.
void rename_to_new(const std::filesystem::path& from, const std::filesystem::path& to);

/// The name of a temporary file beside `path`, of which there may be a hundred: a process that had this one's number
/// can have left some.
std::filesystem::path temporary_name(const std::filesystem::path& path, std::int64_t number);
inline constexpr std::int64_t temporary_names = 100;

/// A file that appears under its name whole or not at all, and never in another one's place.
class NewFile {
 public:
  /// Begins it under a temporary name in the same folder. Throws InputError naming `key` for a path that exists or has
  /// no folder, std::system_error where it cannot be made.
  NewFile(std::string_view key, std::filesystem::path path);
  /// Removes what was not published.
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  const FileDescriptor& file() const { return file_; }
  const std::filesystem::path& temporary() const { return temporary_; }
  /// Makes it last under its own name. Throws std::system_error.
  void publish();

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_;  ///< empty once published
  FileDescriptor file_;
};

}  // namespace memscale
