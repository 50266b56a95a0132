#include "memscale/store/chunk_coder.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <new>
#include <stdexcept>

#include "deflate_blocks.hpp"

namespace memscale {

namespace {

constexpr int fastest = 1;

/// Byte b of value i of `from` becomes byte i of plane b of `to`. Written so that compilers see a constant stride.
template <std::size_t Size>
void shuffle_as(const std::byte* from, std::byte* to, std::size_t count) {
  for (std::size_t b = 0; b < Size; ++b)
    for (std::size_t i = 0; i < count; ++i) to[b * count + i] = from[i * Size + b];
}

void shuffle(std::span<const std::byte> from, std::byte* to, std::size_t size) {
  const std::size_t count = from.size() / size;
  if (size == 8) return shuffle_as<8>(from.data(), to, count);
  if (size == 4) return shuffle_as<4>(from.data(), to, count);
  if (size == 16) return shuffle_as<16>(from.data(), to, count);
  for (std::size_t b = 0; b < size; ++b)
    for (std::size_t i = 0; i < count; ++i) to[b * count + i] = from[i * size + b];
}

template <std::size_t Size>
void unshuffle_as(const std::byte* from, std::byte* to, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t b = 0; b < Size; ++b) to[i * Size + b] = from[b * count + i];
}

void unshuffle(const std::byte* from, std::span<std::byte> to, std::size_t size) {
  const std::size_t count = to.size() / size;
  if (size == 8) return unshuffle_as<8>(from, to.data(), count);
  if (size == 4) return unshuffle_as<4>(from, to.data(), count);
  if (size == 16) return unshuffle_as<16>(from, to.data(), count);
  for (std::size_t b = 0; b < size; ++b)
    for (std::size_t i = 0; i < count; ++i) to[i * size + b] = from[b * count + i];
}

constexpr std::size_t enough = 2048;  // bytes, to tell chance from a pattern

bool is_constant(std::span<const std::byte> bytes) {
  return std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

/// Whether every byte occurs about as often as any other: the squares of the 256 counts of n bytes of pure chance sum
/// to n^2 / 256 + n on average; half as much more are 7.4 bits a byte.
bool is_evenly_spread(std::span<const std::byte> bytes) {
  std::array<std::array<std::uint32_t, 256>, 2> counts{};  // two: the next byte need not wait for this one's count
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    ++counts[0][std::to_integer<std::size_t>(bytes[i])];
    ++counts[1][std::to_integer<std::size_t>(bytes[i + 1])];
  }
  double squares = 0;
  for (std::size_t k = 0; k < 256; ++k) {
    const double count = counts[0][k] + counts[1][k];
    squares += count * count;
  }
  const auto n = static_cast<double>(bytes.size());
  return squares < 1.55 * n * n / 256 + n;
}

}  // namespace

ChunkEncoder::ChunkEncoder() : compressor_(libdeflate_alloc_compressor(fastest)) {
  if (!compressor_) throw std::bad_alloc();
}

/// Whether compression would gain little and cost time, here and for every reader: low bytes of measured numbers.
bool ChunkEncoder::is_noise(std::span<const std::byte> plane) {
  if (!is_evenly_spread(plane)) return false;
  const auto sample = plane.first(enough);
  return libdeflate_deflate_compress(compressor_.get(), sample.data(), sample.size(), sample_.data(), sample_.size()) ==
         0;
}

std::span<const std::byte> ChunkEncoder::encode(std::span<const std::byte> values, std::size_t value_size) {
  const std::size_t size = values.size(), plane = size / value_size;
  shuffled_.resize(std::max(shuffled_.size(), size));
  // Room for each plane in a block of its own.
  encoded_.resize(
      std::max(encoded_.size(), 64 + 16 * value_size + libdeflate_deflate_compress_bound(compressor_.get(), size)));
  sample_.resize(enough - enough / 16);
  shuffle(values, shuffled_.data(), value_size);
  const auto bytes = std::span<const std::byte>(shuffled_).first(size);
  std::byte* out = encoded_.data();
  *out++ = std::byte{0x78};  // RFC 1950: deflate with a window of 32 kB, the fastest way
  *out++ = std::byte{0x01};
  std::size_t done = 0;
  for (; plane >= enough && done < size; done += plane) {
    const auto next = bytes.subspan(done, plane);
    const bool is_last = done + plane == size;
    if (is_constant(next))
      out = put_run(out, next.front(), plane, is_last);
    else if (is_noise(next))
      out = put_stored(out, next, is_last);
    else
      break;
  }
  if (done < size) {
    const std::size_t written =
        libdeflate_deflate_compress(compressor_.get(), bytes.data() + done, size - done, out,
                                    static_cast<std::size_t>(encoded_.data() + encoded_.size() - out));
    if (written == 0) throw std::runtime_error("a chunk does not fit where libdeflate said that it would");
    out += written;
  }
  const std::uint32_t adler = libdeflate_adler32(1, bytes.data(), size);
  for (int shift = 24; shift >= 0; shift -= 8) *out++ = static_cast<std::byte>(adler >> shift & 255);
  return {encoded_.data(), out};
}

ChunkDecoder::ChunkDecoder() : decompressor_(libdeflate_alloc_decompressor()) {
  if (!decompressor_) throw std::bad_alloc();
}

bool ChunkDecoder::decode(std::span<const std::byte> encoded, std::span<std::byte> values, std::size_t value_size) {
  shuffled_.resize(std::max(shuffled_.size(), values.size()));
  std::size_t used = 0;
  // Without a place for the number of bytes written it must be exactly the one given.
  const auto result = libdeflate_zlib_decompress_ex(decompressor_.get(), encoded.data(), encoded.size(),
                                                    shuffled_.data(), values.size(), &used, nullptr);
  if (result != LIBDEFLATE_SUCCESS || used != encoded.size()) return false;
  unshuffle(shuffled_.data(), values, value_size);
  return true;
}

}  // namespace memscale
