#include "memscale/store/stored_record.hpp"

#include <algorithm>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "memscale/core/bytes.hpp"

namespace memscale {

namespace {

/// Throws std::out_of_range for an enum's code that has no name.
template <class Fields>
void require_known_codes(const Fields& fields) {
  for_each_field(fields, [](const char*, const auto& value) {
    if constexpr (NamedEnum<std::remove_cvref_t<decltype(value)>>) name_of(value);
  });
}

}  // namespace

std::string storable_text(std::string text, std::size_t longest) {
  if (text.size() > longest) {
    std::size_t end = longest;
    // 10xxxxxx continues a character: cut before the byte that begins it.
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text.resize(end);
  }
  std::replace(text.begin(), text.end(), '\0', '?');
  return text;
}

Record storable(Record record) {
  record.message = is_finished(record) ? std::string() : storable_text(std::move(record.message), longest_message);
  for_each_field(record.cost, [](const char*, auto& value) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, std::string>)
      value = storable_text(std::move(value), longest_name);
  });
  return record;
}

std::vector<std::byte> encode_record(const Record& record) {
  ByteWriter out;
  encode(out, record.trial);
  encode(out, record.result);
  encode(out, record.cost);
  out.put(record.message);
  return out.bytes();
}

Record decode_record(std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  Record record;
  record.trial = decode<Trial>(in);
  record.result = decode<Result>(in);
  record.cost = decode<Cost>(in);
  in.get(record.message);
  if (!in.at_end()) throw std::out_of_range("record is too long");
  require_known_codes(record.trial);
  require_known_codes(record.result);
  return record;
}

bool same_record(const Record& a, const Record& b) {
  return encode_record(a) == encode_record(b);
}

bool same_records(const std::vector<Record>& a, const std::vector<Record>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_record);
}

bool same_result(const Result& a, const Result& b) {
  ByteWriter bytes_a, bytes_b;
  encode(bytes_a, a);
  encode(bytes_b, b);
  return bytes_a.bytes() == bytes_b.bytes();
}

}  // namespace memscale
