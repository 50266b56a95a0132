#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "memscale/core/enum_names.hpp"
#include "memscale/experiment/result.hpp"
#include "memscale/store/catalog.hpp"

namespace memscale {

inline constexpr std::size_t id_width = 16;  // hexadecimal digits
inline constexpr std::int32_t no_bin = -1;   // in /recall/recovered

/// Calls f(name, value) for each field of a Part, to learn their names and types.
template <class Part, class F>
void for_each_field_of(F&& f) {
  const Part sample;
  for_each_field(sample, f);
}

/// The group of a part's fields.
template <class Part>
constexpr std::string_view group_of() {
  if constexpr (std::is_same_v<Part, Cost>)
    return "cost";
  else if constexpr (std::is_same_v<Part, Trace>)
    return "traces";
  else
    return "trials";
}

/// How a field of this type is stored.
template <class Value>
constexpr ValueKind kind_of() {
  if constexpr (NamedEnum<Value>)
    return ValueKind::code;
  else if constexpr (std::is_same_v<Value, std::int64_t>)
    return ValueKind::integer;
  else if constexpr (std::is_same_v<Value, std::string>)
    return ValueKind::text;
  else
    return ValueKind::real;  // a trace holds reals
}

/// Bytes of such a value; 0 for text, whose length differs.
constexpr std::uint32_t value_size_of(ValueKind kind) {
  return kind == ValueKind::text ? 0 : kind == ValueKind::code ? 4 : 8;
}

/// The dataset of a part's field that memscale reads: of an enum the one with the codes.
template <class Part, class Value>
std::string dataset_of(std::string_view field) {
  std::string name(group_of<Part>());
  name.append("/").append(field);
  if constexpr (NamedEnum<Value>) name.append("_id");
  return name;
}

}  // namespace memscale
