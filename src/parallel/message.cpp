#include "memscale/parallel/message.hpp"

#include <stdexcept>
#include <string>

#include "memscale/core/bytes.hpp"

namespace memscale {

namespace {

void put(ByteWriter& out, const AssignTrial& message) {
  encode(out, message.trial);
}

void put(ByteWriter& out, const TrialDone& message) {
  encode(out, message.record.trial);
  encode(out, message.record.result);
  encode(out, message.record.cost);
  out.put(message.record.message);
}

void put(ByteWriter& out, const EndRun& message) {
  out.put(message.exit_status);
}

TrialDone get_trial_done(ByteReader& in) {
  TrialDone message;
  message.record.trial = decode<Trial>(in);
  message.record.result = decode<Result>(in);
  message.record.cost = decode<Cost>(in);
  in.get(message.record.message);
  return message;
}

Message get_message(Tag tag, ByteReader& in) {
  switch (tag) {
    case Tag::assign_trial:
      return AssignTrial{decode<Trial>(in)};
    case Tag::trial_done:
      return get_trial_done(in);
    case Tag::end_run: {
      EndRun message;
      in.get(message.exit_status);
      return message;
    }
  }
  throw std::runtime_error("message with unknown tag " + std::to_string(static_cast<int>(tag)));
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
  ByteWriter out;
  std::visit([&](const auto& one) { put(out, one); }, message);
  return out.bytes();
}

Message decode_message(Tag tag, std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  try {
    Message message = get_message(tag, in);
    if (in.at_end()) return message;
  } catch (const std::out_of_range&) {
    throw std::runtime_error("message of tag " + std::to_string(static_cast<int>(tag)) + " is too short");
  }
  throw std::runtime_error("message of tag " + std::to_string(static_cast<int>(tag)) + " is too long");
}

}  // namespace memscale
