#pragma once

#include <cstddef>
#include <span>

namespace memscale {

/// Blocks of a deflate stream (RFC 1951) that need no search for what repeats. Each begins and ends with a whole byte;
/// `is_last` marks the stream's last block. Both return where the block ends.

/// `bytes` as they are: 5 bytes more for each 65535.
std::byte* put_stored(std::byte* out, std::span<const std::byte> bytes, bool is_last);

/// `count` times `value`: at most 16 bytes and 1 for each 128.
std::byte* put_run(std::byte* out, std::byte value, std::size_t count, bool is_last);

}  // namespace memscale
