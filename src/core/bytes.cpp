#include "memscale/core/bytes.hpp"

#include <bit>

namespace memscale {

static_assert(std::endian::native == std::endian::little, "journal and messages are little-endian");

void ByteWriter::put(const std::string& text) {
  put(static_cast<std::uint32_t>(text.size()));
  append(std::as_bytes(std::span(text)));
}

void ByteWriter::append(std::span<const std::byte> bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

void ByteReader::get(std::string& text) {
  std::uint32_t size = 0;
  get(size);
  const auto bytes = take(size);
  text.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

std::span<const std::byte> ByteReader::take(std::size_t count) {
  if (count > rest_.size()) throw std::out_of_range("record is cut short");
  const auto taken = rest_.first(count);
  rest_ = rest_.subspan(count);
  return taken;
}

}  // namespace memscale
