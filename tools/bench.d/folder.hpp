#pragma once

#include <filesystem>
#include <string>

namespace memscale::bench {

/// Throws std::runtime_error where the file cannot be written.
void write_text(const std::filesystem::path& file, const std::string& text);

/// A fresh folder; removed with all that is in it.
class Folder {
 public:
  /// Throws std::runtime_error where it cannot be made.
  explicit Folder(const std::filesystem::path& parent = std::filesystem::temp_directory_path());
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path() const { return path_.string(); }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  /// NAME.bin. Throws std::runtime_error where it cannot be written.
  void write(const std::string& name, const void* bytes, std::size_t size) const;

 private:
  std::filesystem::path path_;
};

}  // namespace memscale::bench
