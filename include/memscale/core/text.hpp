#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace memscale {

/// The shortest decimal text that reads back as the same double; "inf", "-inf", "nan".
std::string to_text(double value);
std::string to_text(std::int64_t value);
std::string to_text(std::uint64_t value);

/// 16 lower-case hexadecimal digits, and back. Throws InputError naming `key` unless it is exactly that.
std::string to_hex(std::uint64_t value);
std::uint64_t parse_hex(std::string_view key, std::string_view text);

/// The whole of `text` as a number. Throws InputError naming `key`; `expected` says what a text that is none must be.
double parse_double(std::string_view key, std::string_view text, std::string_view expected = "must be a number");
std::int64_t parse_integer(std::string_view key, std::string_view text);

/// `text` without white space at both ends.
std::string_view trimmed(std::string_view text);

}  // namespace memscale
