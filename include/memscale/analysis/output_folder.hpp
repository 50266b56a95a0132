#pragma once

#include <filesystem>
#include <string>

namespace memscale {

/// A folder of results, in which files appear whole: written under a temporary name, then renamed.
class OutputFolder {
 public:
  /// Creates the folder where it is missing. Throws InputError for a path that is a file or cannot be made.
  explicit OutputFolder(std::filesystem::path path);

  const std::filesystem::path& path() const { return path_; }
  /// Replaces `name`. Throws InputError where it cannot be written.
  void write(const std::string& name, const std::string& content) const;
  /// The hidden name under which `name` may be made, in this folder; publish or discard it.
  std::string temporary(const std::string& name) const;
  void publish(const std::string& name) const;
  void discard(const std::string& name) const;
  /// Removes `name`, if it is there: an earlier fit's file that this one does not make.
  void remove(const std::string& name) const;
  /// The content of `name`. Throws InputError where it cannot be read.
  std::string read(const std::string& name) const;

 private:
  std::filesystem::path path_;
};

}  // namespace memscale
