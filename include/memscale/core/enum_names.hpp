#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "memscale/core/error.hpp"

namespace memscale {

/// Names of an enum's values in order of their codes, 0 first: specialise with `static constexpr std::array names`.
/// Codes stand in stores, so names are only ever appended.
template <class E>
struct EnumNames;

template <class E>
concept NamedEnum = std::is_enum_v<E> && requires {
  EnumNames<E>::names.size();
};

/// The name of `value`.
template <NamedEnum E>
constexpr std::string_view name_of(E value) {
  return EnumNames<E>::names.at(static_cast<std::size_t>(value));
}

/// "gd, muon, newton"
template <NamedEnum E>
std::string joined_names() {
  std::string all;
  for (std::string_view name : EnumNames<E>::names) all.append(all.empty() ? "" : ", ").append(name);
  return all;
}

/// The value with this name, or nothing.
template <NamedEnum E>
std::optional<E> find_enum(std::string_view name) {
  const auto& names = EnumNames<E>::names;
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<E>(found - names.begin());
}

/// The value with this name. Throws InputError naming `key` and the names allowed.
template <NamedEnum E>
E parse_enum(std::string_view key, std::string_view name) {
  if (const auto value = find_enum<E>(name)) return *value;
  throw invalid(key, name, "must be one of " + joined_names<E>());
}

}  // namespace memscale
