#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace memscale {

/// Appends values to a byte string, little-endian hosts only (asserted in bytes.cpp): the one encoding of messages and
/// journal.
class ByteWriter {
 public:
  template <class T>
  requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  void put(T value) { append(std::as_bytes(std::span(&value, 1))); }
  void put(const std::string& text);
  template <class T>
  requires std::is_arithmetic_v<T>
  void put(const std::vector<T>& values) {
    put(static_cast<std::uint32_t>(values.size()));
    append(std::as_bytes(std::span(values)));
  }
  /// Bytes as they are.
  void put_all(std::span<const std::byte> bytes) { append(bytes); }
  /// The values alone, without their number.
  template <class T>
  requires std::is_arithmetic_v<T>
  void put_all(std::span<const T> values) { append(std::as_bytes(values)); }
  const std::vector<std::byte>& bytes() const& { return bytes_; }
  std::vector<std::byte> bytes() && { return std::move(bytes_); }
  /// Takes memory for so many bytes in all.
  void reserve(std::size_t bytes) { bytes_.reserve(bytes); }

 private:
  void append(std::span<const std::byte> bytes);
  std::vector<std::byte> bytes_;
};

/// Reads what ByteWriter wrote. Throws std::out_of_range instead of reading past the end.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : rest_(bytes) {}

  template <class T>
  requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  void get(T& value) { std::memcpy(&value, take(sizeof value).data(), sizeof value); }
  void get(std::string& text);
  template <class T>
  requires std::is_arithmetic_v<T>
  void get(std::vector<T>& values) {
    std::uint32_t size = 0;
    get(size);
    const auto bytes = take(size * sizeof(T));  // before any memory is asked for
    values.resize(size);
    if (size > 0) std::memcpy(values.data(), bytes.data(), bytes.size());
  }
  /// The next `count` bytes as they are.
  std::span<const std::byte> take(std::size_t count);
  /// What put_all wrote, as many as `values` has.
  template <class T>
  requires std::is_arithmetic_v<T>
  void get_all(std::span<T> values) {
    const auto bytes = take(values.size_bytes());
    if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::span<const std::byte> rest_;
};

/// Writes every field of a visited struct (one with an overload of for_each_field), in order.
template <class Fields>
void encode(ByteWriter& out, const Fields& fields) {
  for_each_field(fields, [&](const char*, const auto& value) { out.put(value); });
}

/// Reads what encode wrote. Throws std::out_of_range where bytes are missing.
template <class Fields>
Fields decode(ByteReader& in) {
  Fields fields;
  for_each_field(fields, [&](const char*, auto& value) { in.get(value); });
  return fields;
}

}  // namespace memscale
