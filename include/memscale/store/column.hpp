#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "memscale/core/enum_names.hpp"
#include "memscale/experiment/result.hpp"

namespace memscale {

/// Codes of one enum, and its names in their order.
struct CodeValues {
  std::vector<std::int32_t> codes;
  std::span<const std::string_view> names;
};

/// One field of all records.
struct Column {
  std::string name;
  std::variant<std::vector<std::int64_t>, std::vector<double>, std::vector<std::string>, CodeValues> values;
};

/// One empty column for each field of Part (Trial, Result or Cost).
template <class Part>
std::vector<Column> empty_columns() {
  std::vector<Column> columns;
  const Part sample;
  for_each_field(sample, [&](const char* name, const auto& value) {
    using Value = std::remove_cvref_t<decltype(value)>;
    if constexpr (NamedEnum<Value>)
      columns.push_back({name, CodeValues{{}, EnumNames<Value>::names}});
    else
      columns.push_back({name, std::vector<Value>()});
  });
  return columns;
}

/// The columns of one part of `records`, row by row.
template <class Part>
std::vector<Column> to_columns(const std::vector<Record>& records, Part Record::*part) {
  std::vector<Column> columns = empty_columns<Part>();
  for (const Record& record : records) {
    auto column = columns.begin();
    for_each_field(record.*part, [&](const char*, const auto& value) {
      using Value = std::remove_cvref_t<decltype(value)>;
      if constexpr (NamedEnum<Value>)
        std::get<CodeValues>(column->values).codes.push_back(static_cast<std::int32_t>(value));
      else
        std::get<std::vector<Value>>(column->values).push_back(value);
      ++column;
    });
  }
  return columns;
}

/// Sets one part of `records` from columns in the layout of empty_columns, each with a row for every record and only
/// codes that have names. Moves texts out of them.
template <class Part>
void from_columns(std::vector<Column>& columns, std::vector<Record>& records, Part Record::*part) {
  for (std::size_t row = 0; row < records.size(); ++row) {
    auto column = columns.begin();
    for_each_field(records[row].*part, [&](const char*, auto& value) {
      using Value = std::remove_cvref_t<decltype(value)>;
      if constexpr (NamedEnum<Value>)
        value = static_cast<Value>(std::get<CodeValues>(column->values).codes[row]);
      else
        value = std::move(std::get<std::vector<Value>>(column->values)[row]);
      ++column;
    });
  }
}

}  // namespace memscale
