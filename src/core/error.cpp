#include "memscale/core/error.hpp"

namespace memscale {

namespace {

std::string one_line(std::string_view text) {
  std::string shown(text);
  for (char& c : shown)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return shown;
}

}  // namespace

std::string printable(std::string_view text) {
  constexpr std::size_t longest = 80;
  std::string shown = one_line(text.substr(0, longest));
  if (text.size() > longest) shown += "...";
  return shown;
}

InputError invalid(std::string_view key, std::string_view value, std::string_view why) {
  return InputError("invalid " + printable(key) + "=" + printable(value) + " (" + one_line(why) + ")");
}

}  // namespace memscale
