#include "memscale/core/text.hpp"

#include <charconv>
#include <cmath>

#include "memscale/core/error.hpp"

namespace memscale {

namespace {

template <class T>
std::string shortest(T value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

template <class T>
T parse_number(std::string_view key, std::string_view text, std::string_view expected, std::string_view limits) {
  std::string_view digits = trimmed(text);
  if (digits.starts_with('+') && !digits.starts_with("+-")) digits.remove_prefix(1);
  T value{};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc::invalid_argument || end != digits.data() + digits.size()) throw invalid(key, text, expected);
  if (error == std::errc::result_out_of_range) throw invalid(key, text, limits);
  return value;
}

}  // namespace

std::string to_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return shortest(value);
}

std::string to_text(std::int64_t value) {
  return shortest(value);
}
std::string to_text(std::uint64_t value) {
  return shortest(value);
}

std::string to_hex(std::uint64_t value) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text(16, '0');
  for (int i = 15; i >= 0; --i, value >>= 4) text[static_cast<std::size_t>(i)] = digits[value & 15];
  return text;
}

std::uint64_t parse_hex(std::string_view key, std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (text.size() != 16 || error != std::errc{} || end != text.data() + text.size())
    throw invalid(key, text, "must be 16 hexadecimal digits");
  return value;
}

double parse_double(std::string_view key, std::string_view text, std::string_view expected) {
  return parse_number<double>(key, text, expected, "must be within the range of a 64-bit float");
}

std::int64_t parse_integer(std::string_view key, std::string_view text) {
  return parse_number<std::int64_t>(key, text, "must be a whole number",
                                    "must be within the range of a 64-bit integer");
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

}  // namespace memscale
