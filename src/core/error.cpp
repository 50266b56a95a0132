#include "memscale/core/error.hpp"

namespace memscale {

std::string printable(std::string_view text) {
  constexpr std::size_t longest = 80;
  std::string shown;
  for (char c : text.substr(0, longest)) shown += (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) ? '?' : c;
  if (text.size() > longest) shown += "...";
  return shown;
}

InputError invalid(std::string_view key, std::string_view value, std::string_view why) {
  return InputError("invalid " + printable(key) + "=" + printable(value) + " (" + std::string(why) + ")");
}

}  // namespace memscale
