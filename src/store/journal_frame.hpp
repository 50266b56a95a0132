#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>

#include "memscale/core/bytes.hpp"
#include "memscale/store/crc32c.hpp"
#include "memscale/store/journal.hpp"

namespace memscale {

inline constexpr std::uint32_t header_magic = 0x484A534D;  // "MSJH"
inline constexpr std::uint32_t record_magic = 0x524A534D;  // "MSJR"

/// What stands before a frame's payload.
struct FrameHead {
  static constexpr std::size_t size = 20;
  std::uint32_t magic = 0;
  std::uint32_t length = 0;
  std::uint64_t id = 0;
  std::uint32_t crc = 0;
};

template <class T, class F>
requires std::is_same_v<std::remove_const_t<T>, FrameHead>
void for_each_field(T& head, F&& f) {
  f("magic", head.magic);
  f("length", head.length);
  f("id", head.id);
  f("crc", head.crc);
}

inline std::uint32_t frame_crc(const FrameHead& head, std::span<const std::byte> payload) {
  ByteWriter out;
  encode(out, head);
  Crc32c crc;
  crc.add(std::span(out.bytes()).first(FrameHead::size - sizeof head.crc));
  crc.add(payload);
  return crc.value();
}

/// A whole frame. Throws std::length_error for a payload beyond longest_payload.
inline std::vector<std::byte> make_frame(std::uint32_t magic, std::uint64_t id, std::span<const std::byte> payload) {
  if (payload.size() > longest_payload) throw std::length_error("journal: a record is too long");
  FrameHead head{magic, static_cast<std::uint32_t>(payload.size()), id, 0};
  head.crc = frame_crc(head, payload);
  ByteWriter out;
  encode(out, head);
  std::vector<std::byte> frame = out.bytes();
  frame.insert(frame.end(), payload.begin(), payload.end());
  return frame;
}

}  // namespace memscale
