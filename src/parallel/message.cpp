#include "memscale/parallel/message.hpp"

#include <stdexcept>
#include <string>

#include "memscale/core/bytes.hpp"
#include "memscale/experiment/record_bytes.hpp"

namespace memscale {

namespace {

template <class Fill>
std::vector<std::byte> bytes_of(Fill&& fill) {
  ByteWriter out;
  fill(out);
  return out.bytes();
}

Message get_message(Tag tag, std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  Message message;
  switch (tag) {
    case Tag::assign_trial:
      message = AssignTrial{decode<Trial>(in)};
      break;
    case Tag::trial_done:
      return TrialDone{decode_record(bytes)};
    case Tag::end_run:
      message = EndRun{};
      in.get(std::get<EndRun>(message).exit_status);
      break;
    default:
      throw std::out_of_range("unknown tag");
  }
  if (!in.at_end()) throw std::out_of_range("too long");
  return message;
}

}  // namespace

Tag tag_of(const Message& message) {
  struct {
    Tag operator()(const AssignTrial&) const { return Tag::assign_trial; }
    Tag operator()(const TrialDone&) const { return Tag::trial_done; }
    Tag operator()(const EndRun&) const { return Tag::end_run; }
  } tag;
  return std::visit(tag, message);
}

std::vector<std::byte> encode_message(const Message& message) {
  struct {
    std::vector<std::byte> operator()(const AssignTrial& one) const {
      return bytes_of([&](ByteWriter& out) { encode(out, one.trial); });
    }
    std::vector<std::byte> operator()(const TrialDone& one) const { return encode_record(one.record); }
    std::vector<std::byte> operator()(const EndRun& one) const {
      return bytes_of([&](ByteWriter& out) { out.put(one.exit_status); });
    }
  } bytes;
  return std::visit(bytes, message);
}

Message decode_message(Tag tag, std::span<const std::byte> bytes) {
  try {
    return get_message(tag, bytes);
  } catch (const std::out_of_range& error) {
    throw std::runtime_error("message of tag " + std::to_string(static_cast<int>(tag)) + ": " + error.what());
  }
}

}  // namespace memscale
