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

/// A field of a size of its own: a number or an enum.
template <class T>
inline constexpr bool is_plain_field = std::is_arithmetic_v<T> || std::is_enum_v<T>;

template <class T>
requires is_plain_field<T>
constexpr std::size_t encoded_size(const T&) {
  return sizeof(T);
}
/// Of a text or vector: u32 length, then its elements.
template <class List>
requires(!is_plain_field<List>) constexpr std::size_t encoded_size(const List& list) {
  return sizeof(std::uint32_t) + list.size() * sizeof(typename List::value_type);
}

/// Encodes `value` at `to`, which has encoded_size(value) bytes; the end of what was written.
template <class T>
std::byte* encode_at(std::byte* to, const T& value) {
  if constexpr (is_plain_field<T>) {
    std::memcpy(to, &value, sizeof value);
    return to + sizeof value;
  } else {
    to = encode_at(to, static_cast<std::uint32_t>(value.size()));
    const std::size_t bytes = value.size() * sizeof(typename T::value_type);
    if (bytes > 0) std::memcpy(to, value.data(), bytes);
    return to + bytes;
  }
}

/// Appends values to a byte string, little-endian hosts only (asserted in bytes.cpp): the one encoding of messages and
/// journal.
class ByteWriter {
 public:
  template <class T>
  requires is_plain_field<T>
  void put(T value) { encode_at(grow(sizeof value), value); }
  void put(const std::string& text) { encode_at(grow(encoded_size(text)), text); }
  template <class T>
  requires std::is_arithmetic_v<T>
  void put(const std::vector<T>& values) { encode_at(grow(encoded_size(values)), values); }
  /// Bytes as they are.
  void put_all(std::span<const std::byte> bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  /// The values alone, without their number.
  template <class T>
  requires std::is_arithmetic_v<T>
  void put_all(std::span<const T> values) { put_all(std::as_bytes(values)); }
  /// So many bytes more, to be filled in; the place is good until the next call.
  std::byte* grow(std::size_t bytes) {
    bytes_.resize(bytes_.size() + bytes);
    return bytes_.data() + bytes_.size() - bytes;
  }
  /// Writes over what stands at `place`.
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void replace(std::size_t place, const T& value) { std::memcpy(bytes_.data() + place, &value, sizeof value); }
  /// Drops all behind the first `size` bytes; keeps their memory.
  void cut(std::size_t size) { bytes_.resize(size); }
  std::size_t size() const { return bytes_.size(); }
  const std::vector<std::byte>& bytes() const& { return bytes_; }
  std::vector<std::byte> bytes() && { return std::move(bytes_); }
  /// Takes memory for so many bytes in all.
  void reserve(std::size_t bytes) { bytes_.reserve(bytes); }

 private:
  std::vector<std::byte> bytes_;
};

/// Reads what ByteWriter wrote. Throws std::out_of_range instead of reading past the end.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : rest_(bytes) {}

  template <class T>
  requires is_plain_field<T>
  void get(T& value) { std::memcpy(&value, take(sizeof value).data(), sizeof value); }
  void get(std::string& text) {
    const auto bytes = take_list(1);
    text.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  template <class T>
  requires std::is_arithmetic_v<T>
  void get(std::vector<T>& values) {
    const auto bytes = take_list(sizeof(T));  // before any memory is asked for
    values.resize(bytes.size() / sizeof(T));
    if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  }
  /// The next `count` bytes as they are.
  std::span<const std::byte> take(std::size_t count) {
    if (count > rest_.size()) throw_cut_short();
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  /// What put_all wrote, as many as `values` has.
  template <class T>
  requires std::is_arithmetic_v<T>
  void get_all(std::span<T> values) {
    const auto bytes = take(values.size_bytes());
    if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  }
  std::size_t left() const { return rest_.size(); }
  bool at_end() const { return rest_.empty(); }

 private:
  std::span<const std::byte> take_list(std::size_t element) {
    std::uint32_t size = 0;
    get(size);
    return take(size * element);
  }
  [[noreturn]] static void throw_cut_short();

  std::span<const std::byte> rest_;
};

/// Bytes that encode writes.
template <class Fields>
std::size_t encoded_size_of(const Fields& fields) {
  std::size_t size = 0;
  for_each_field(fields, [&](const char*, const auto& value) { size += encoded_size(value); });
  return size;
}

/// Writes every field of a visited struct (one with an overload of for_each_field), in order.
template <class Fields>
void encode(ByteWriter& out, const Fields& fields) {
  std::byte* end = out.grow(encoded_size_of(fields));
  for_each_field(fields, [&](const char*, const auto& value) { end = encode_at(end, value); });
}

/// Reads what encode wrote. Throws std::out_of_range where bytes are missing.
template <class Fields>
Fields decode(ByteReader& in) {
  Fields fields;
  for_each_field(fields, [&](const char*, auto& value) { in.get(value); });
  return fields;
}

}  // namespace memscale
