#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>

#include "memscale/core/bytes.hpp"
#include "memscale/store/checksum.hpp"
#include "memscale/store/crc32c.hpp"
#include "memscale/store/journal.hpp"

namespace memscale {

/// How frames are laid out: those of formats 1 and 2, and since.
struct FrameLayout {
  std::uint32_t header_magic, record_magic;
  std::size_t head_size;  ///< bytes before the payload
};
inline constexpr FrameLayout legacy_frames{0x484A534D, 0x524A534D, 20};   // "MSJH", "MSJR"
inline constexpr FrameLayout present_frames{0x4448534D, 0x4352534D, 24};  // "MSHD", "MSRC"

/// What the checksum covers of a frame's head, in its bytes' order.
struct FrameStart {
  std::uint32_t magic;
  std::uint32_t length;  ///< of the payload
  std::uint64_t id;
};
static_assert(sizeof(FrameStart) == 16);

/// The checksum as the frame holds it, in the low bytes.
inline std::uint64_t frame_checksum(bool legacy, const FrameStart& start, std::span<const std::byte> payload) {
  const auto add_both = [&](auto sum) {
    sum.add(std::as_bytes(std::span(&start, 1)));
    sum.add(payload);
    return std::uint64_t{sum.value()};
  };
  return legacy ? add_both(Crc32c()) : add_both(Checksum());
}

/// Adds a whole frame to `out`. Throws std::length_error for a payload beyond longest_payload.
inline void add_frame(ByteWriter& out, std::uint32_t magic, std::uint64_t id, std::span<const std::byte> payload) {
  if (payload.size() > longest_payload) throw std::length_error("journal: a record is too long");
  const FrameStart start{magic, static_cast<std::uint32_t>(payload.size()), id};
  constexpr std::size_t checksum_size = present_frames.head_size - sizeof start;
  const std::size_t begin = out.size();
  out.grow(checksum_size);
  out.put_all(std::as_bytes(std::span(&start, 1)));  // right before the payload for now: one piece to sum up
  out.put_all(payload);
  const std::uint64_t checksum = checksum_of(std::span(out.bytes()).subspan(begin + checksum_size));
  out.replace(begin, start);
  out.replace(begin + sizeof start, checksum);
}

}  // namespace memscale
