#include "memscale/commands/csv_writer.hpp"

#include <span>

namespace memscale {

void CsvWriter::cell(std::string_view text) {
  if (in_row_) buffer_ += ',';
  in_row_ = true;
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    buffer_ += text;
    return;
  }
  buffer_ += '"';
  for (char c : text) buffer_.append(c == '"' ? 2 : 1, c);
  buffer_ += '"';
}

void CsvWriter::end_row() {
  constexpr std::size_t enough = std::size_t{1} << 16;  // few system calls, and a pipe is served soon
  buffer_ += '\n';
  in_row_ = false;
  if (buffer_.size() >= enough) flush();
}

void CsvWriter::flush() {
  write_all(file_, std::as_bytes(std::span(buffer_)), name_);
  buffer_.clear();
}

}  // namespace memscale
