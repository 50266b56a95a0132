#pragma once

#include <libdeflate.h>

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace memscale {

/// Compresses chunks as HDF5's filters shuffle and deflate expect them: the first byte of all values, the second of all
/// values and so on, as a zlib stream, whose Adler-32 protects them. The same values give the same bytes.
class ChunkEncoder {
 public:
  ChunkEncoder();

  /// `values`, of `value_size` bytes each, compressed. Valid until the next call. Throws
  /// std::runtime_error where libdeflate fails.
  std::span<const std::byte> encode(std::span<const std::byte> values, std::size_t value_size);

 private:
  bool is_noise(std::span<const std::byte> plane);

  struct Free {
    void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
  };
  std::unique_ptr<libdeflate_compressor, Free> compressor_;
  std::vector<std::byte> shuffled_, encoded_, sample_;
};

/// Gives back what any deflate compressor made of shuffled values.
class ChunkDecoder {
 public:
  ChunkDecoder();

  /// Whether `encoded` is the compressed form of exactly values.size() bytes, which are then in `values`.
  bool decode(std::span<const std::byte> encoded, std::span<std::byte> values, std::size_t value_size);

 private:
  struct Free {
    void operator()(libdeflate_decompressor* decompressor) const { libdeflate_free_decompressor(decompressor); }
  };
  std::unique_ptr<libdeflate_decompressor, Free> decompressor_;
  std::vector<std::byte> shuffled_;
};

}  // namespace memscale
