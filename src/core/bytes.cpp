#include "memscale/core/bytes.hpp"

#include <bit>

namespace memscale {

static_assert(std::endian::native == std::endian::little, "journal and messages are little-endian");

void ByteReader::throw_cut_short() {
  throw std::out_of_range("record is cut short");
}

}  // namespace memscale
