#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <vector>

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

/// A whole frame, in memory that is used again. Throws std::length_error for a payload beyond longest_payload.
inline void make_frame(std::vector<std::byte>& frame, std::uint32_t magic, std::uint64_t id,
                       std::span<const std::byte> payload) {
  if (payload.size() > longest_payload) throw std::length_error("journal: a record is too long");
  const FrameStart start{magic, static_cast<std::uint32_t>(payload.size()), id};
  const std::uint64_t checksum = frame_checksum(false, start, payload);
  frame.resize(present_frames.head_size + payload.size());
  std::memcpy(frame.data(), &start, sizeof start);
  std::memcpy(frame.data() + sizeof start, &checksum, sizeof checksum);
  if (!payload.empty()) std::memcpy(frame.data() + present_frames.head_size, payload.data(), payload.size());
}

}  // namespace memscale
