#include "memscale/core/error.hpp"

namespace memscale {

std::string single_line(std::string_view text) {
  std::string shown(text);
  const auto byte = [&](std::size_t i) { return i < shown.size() ? static_cast<unsigned char>(shown[i]) : 0U; };
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (byte(i) < 0x20 || byte(i) == 0x7f) shown[i] = '?';
    if (byte(i) == 0xC2 && byte(i + 1) >= 0x80 && byte(i + 1) < 0xA0) shown[i] = shown[i + 1] = '?';
    // A byte 0x80 .. 0x9F that continues no character is a control character of 8-bit terminals.
    if (byte(i) >= 0x80 && byte(i) < 0xA0 && (i == 0 || byte(i - 1) < 0x80)) shown[i] = '?';
  }
  return shown;
}

std::string printable(std::string_view text) {
  constexpr std::size_t longest = 80;
  std::string shown = single_line(text.substr(0, longest));
  if (text.size() > longest) shown += "...";
  return shown;
}

InputError invalid(std::string_view key, std::string_view value, std::string_view why) {
  return InputError("invalid " + printable(key) + "=" + printable(value) + " (" + single_line(why) + ")");
}

}  // namespace memscale
