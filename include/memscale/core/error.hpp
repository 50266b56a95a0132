#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace memscale {

/// The user's input cannot be used (job file, flag, store, path). Programs print it as one line and exit with status 2.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// `text` with '?' for what a terminal would obey: control characters of ASCII, of Unicode (U+0080 .. U+009F) and of
/// 8-bit terminals.
std::string single_line(std::string_view text);

/// `text` as it may stand in a one-line message: control characters shown as '?', cut after 80 bytes.
std::string printable(std::string_view text);

/// InputError in the grammar "invalid key=value (why)", for example "invalid alpha=-1 (must be positive)".
InputError invalid(std::string_view key, std::string_view value, std::string_view why);

}  // namespace memscale
