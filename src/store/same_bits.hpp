#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

namespace memscale {

/// Whether all bits of two fields agree: a NaN equals the same NaN, and 0 is not -0.
template <class T>
bool same_bits(const T& a, const T& b) {
  if constexpr (std::is_same_v<T, double>)
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
  else
    return a == b;
}

template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const T& x, const T& y) { return same_bits(x, y); });
}

/// Calls f(name, field of a, the same field of b) for each field of a visited struct.
template <class Fields, class F>
void for_each_pair(const Fields& a, const Fields& b, F&& f) {
  // Both are one type, so a field of b stands where that of a does.
  const auto* first = reinterpret_cast<const char*>(&a);
  const auto* second = reinterpret_cast<const char*>(&b);
  for_each_field(a, [&](const char* name, const auto& value) {
    using Value = std::remove_reference_t<decltype(value)>;
    f(name, value, *reinterpret_cast<Value*>(second + (reinterpret_cast<const char*>(&value) - first)));
  });
}

}  // namespace memscale
