#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "memscale/core/enum_names.hpp"
#include "memscale/core/text.hpp"
#include "memscale/store/file.hpp"

namespace memscale {

/// Writes CSV by RFC 4180, but with '\n' ends of lines. Numbers in the shortest form that reads back as the same; "nan"
/// and "inf" are numbers to pandas and R. Functions throw std::system_error.
class CsvWriter {
 public:
  /// `file` and its name for messages stay the caller's.
  CsvWriter(const FileDescriptor& file, std::filesystem::path name) : file_(file), name_(std::move(name)) {}

  void cell(std::string_view text);
  template <class T>
  requires std::is_arithmetic_v<T> || NamedEnum<T>
  void cell(T value) {
    if constexpr (NamedEnum<T>)
      cell(name_of(value));
    else
      cell(std::string_view(to_text(value)));
  }
  void end_row();
  /// Writes what is kept back.
  void flush();

 private:
  const FileDescriptor& file_;
  std::filesystem::path name_;
  std::string buffer_;
  bool in_row_ = false;
};

}  // namespace memscale
