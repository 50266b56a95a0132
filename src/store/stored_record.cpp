#include "memscale/store/stored_record.hpp"

#include <algorithm>
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
