#pragma once

#include <filesystem>
#include <string>

namespace memscale {

/// A folder of results, in which files appear whole: written in a hidden folder of its own, which nobody else may enter
/// and which goes with the object, then renamed.
class OutputFolder {
 public:
  /// Creates the folder where it is missing. Throws InputError for a path that is a file or cannot be made.
  explicit OutputFolder(std::filesystem::path path);
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// Replaces `name`. Throws std::system_error where it cannot be written, as publish does.
  void write(const std::string& name, const std::string& content) const;
  /// The name, relative to this folder, under which `name` may be made; publish or discard it.
  std::string temporary(const std::string& name) const;
  void publish(const std::string& name) const;
  void discard(const std::string& name) const;
  /// Removes `name`, if it is there: an earlier fit's file that this one does not make.
  void remove(const std::string& name) const;
  /// The content of `name`. Throws InputError where it cannot be read.
  std::string read(const std::string& name) const;

 private:
  std::filesystem::path path_;
  std::string hidden_;  ///< name of the hidden folder
};

}  // namespace memscale
