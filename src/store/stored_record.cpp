#include "memscale/store/stored_record.hpp"

#include <algorithm>
#include <string_view>
#include <type_traits>
#include <utility>

#include "same_bits.hpp"

namespace memscale {

namespace {

template <class Fields>
bool same_fields(const Fields& a, const Fields& b) {
  bool same = true;
  for_each_pair(a, b, [&](const char*, const auto& x, const auto& y) { same = same && same_bits(x, y); });
  return same;
}

/// NUL aside, which ends a text.
bool is_ascii(char c) {
  return c != '\0' && static_cast<unsigned char>(c) < 0x80;
}

/// Bytes of the UTF-8 character that `text` begins with; 0 if it begins with none.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const std::uint32_t first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  std::uint32_t code = first & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    code = code << 6 | (byte(i) & 0x3F);
  }
  constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  return code >= smallest[length] && code <= 0x10FFFF && !surrogate ? length : 0;
}

/// Replaces what no reader could decode.
void make_readable(std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = character_length(std::string_view(text).substr(at));
    if (length == 0 || text[at] == '\0') text[at] = '?';
    at += std::max<std::size_t>(1, length);
  }
}

}  // namespace

std::string storable_text(std::string text, std::size_t longest) {
  make_readable(text);  // before the cut, which must find where characters begin
  if (text.size() > longest) {
    std::size_t end = longest;
    // 10xxxxxx continues a character: cut before the byte that begins it.
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text.resize(end);
  }
  return text;
}

std::string storable_name(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !is_ascii(c); }, '?');
  name.resize(std::min(name.size(), longest_name));
  return name;
}

Record storable(Record record) {
  record.message = is_finished(record) ? std::string() : storable_text(std::move(record.message), longest_message);
  for_each_field(record.cost, [](const char*, auto& value) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, std::string>)
      value = storable_name(std::move(value));
  });
  return record;
}

bool is_storable(const Record& record) {
  bool unchanged =
      is_finished(record) ? record.message.empty() : storable_text(record.message, longest_message) == record.message;
  for_each_field(record.cost, [&]<class T>(const char*, const T& value) {
    if constexpr (std::is_same_v<T, std::string>)
      unchanged = unchanged && value.size() <= longest_name && std::all_of(value.begin(), value.end(), is_ascii);
  });
  return unchanged;
}

bool same_record(const Record& a, const Record& b) {
  return same_fields(a.trial, b.trial) && same_outcome(a, b) && same_fields(a.cost, b.cost) && a.message == b.message;
}

bool same_records(const std::vector<Record>& a, const std::vector<Record>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_record);
}

bool same_outcome(const Record& a, const Record& b) {
  return same_fields(a.result, b.result) && same_fields(a.trace, b.trace) && a.recall == b.recall;
}

}  // namespace memscale
