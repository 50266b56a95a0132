#include "deflate_blocks.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace memscale {

namespace {

/// Packs bits from the lowest on, 3.1.1.
class BitWriter {
 public:
  explicit BitWriter(std::byte* out) : out_(out) {}

  void put(std::uint32_t bits, int count) {
    bits_ |= std::uint64_t{bits} << count_;
    for (count_ += count; count_ >= 8; count_ -= 8, bits_ >>= 8) *out_++ = static_cast<std::byte>(bits_ & 255);
  }
  /// Huffman codes are packed from their highest bit on.
  void put_code(std::uint32_t code, int count) {
    while (--count >= 0) put(code >> count & 1, 1);
  }
  /// Fills the last byte with zeros.
  std::byte* finish() {
    if (count_ > 0) put(0, 8 - count_);
    return out_;
  }

 private:
  std::byte* out_;
  std::uint64_t bits_ = 0;
  int count_ = 0;
};

/// The fixed code of a symbol, 3.2.6.
void put_symbol(BitWriter& out, std::uint32_t symbol) {
  if (symbol < 144)
    out.put_code(0x30 + symbol, 8);
  else if (symbol < 256)
    out.put_code(0x190 + symbol - 144, 9);
  else if (symbol < 280)
    out.put_code(symbol - 256, 7);
  else
    out.put_code(0xC0 + symbol - 280, 8);
}

/// The last `length` bytes' byte again so many times: a match of this length, 3 to 258, at distance 1. 3.2.5.
void put_match(BitWriter& out, std::uint32_t length) {
  constexpr std::uint32_t longest = 258, symbol_of_longest = 285;
  constexpr std::array<std::uint32_t, 28> first{3,  4,  5,  6,  7,  8,  9,  10, 11, 13,  15,  17,  19,  23,
                                                27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227};
  if (length == longest) {
    put_symbol(out, symbol_of_longest);
  } else {
    const auto k = static_cast<std::uint32_t>(std::upper_bound(first.begin(), first.end(), length) - first.begin() - 1);
    put_symbol(out, 257 + k);
    out.put(length - first[k], k < 8 ? 0 : static_cast<int>(k / 4 - 1));
  }
  out.put(0, 5);  // distance 1
}

}  // namespace

std::byte* put_stored(std::byte* out, std::span<const std::byte> bytes, bool is_last) {
  constexpr std::size_t longest = 65535;
  do {
    const std::size_t length = std::min(bytes.size(), longest);
    *out++ = std::byte{is_last && length == bytes.size()};  // kind 00, filled up to a byte
    for (const std::size_t number : {length, ~length}) {
      *out++ = static_cast<std::byte>(number & 255);
      *out++ = static_cast<std::byte>(number >> 8 & 255);
    }
    out = std::copy_n(bytes.begin(), length, out);
    bytes = bytes.subspan(length);
  } while (!bytes.empty());
  return out;
}

std::byte* put_run(std::byte* out, std::byte value, std::size_t count, bool is_last) {
  constexpr std::uint32_t fixed_codes = 1, end_of_block = 256;
  constexpr std::size_t shortest = 3, longest = 258;
  BitWriter bits(out);
  bits.put(is_last, 1);
  bits.put(fixed_codes, 2);
  const auto literal = std::to_integer<std::uint32_t>(value);
  put_symbol(bits, literal);
  for (--count; count >= shortest; count -= std::min(count, longest))
    put_match(bits, static_cast<std::uint32_t>(std::min(count, longest)));
  for (; count > 0; --count) put_symbol(bits, literal);
  put_symbol(bits, end_of_block);
  if (is_last) return bits.finish();
  bits.put(0, 3);  // an empty stored block ends with a whole byte
  out = bits.finish();
  for (const unsigned byte : {0U, 0U, 255U, 255U}) *out++ = static_cast<std::byte>(byte);
  return out;
}

}  // namespace memscale
