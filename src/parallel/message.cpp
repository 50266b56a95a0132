#include "memscale/parallel/message.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "memscale/core/bytes.hpp"
#include "memscale/experiment/record_bytes.hpp"

namespace memscale {

namespace {

void put_trials(ByteWriter& out, const std::vector<Trial>& trials) {
  out.put(static_cast<std::uint32_t>(trials.size()));
  for (const Trial& trial : trials) encode(out, trial);
}

std::vector<Trial> get_trials(ByteReader& in) {
  std::uint32_t count = 0;
  in.get(count);
  std::vector<Trial> trials;
  trials.reserve(std::min<std::size_t>(count, in.left() / encoded_size_of(Trial())));
  for (std::uint32_t i = 0; i < count; ++i) trials.push_back(decode<Trial>(in));
  return trials;
}

void put_message(ByteWriter& out, const Hello& one) {
  out.put(one.host);
  out.put(one.pid);
}

void put_message(ByteWriter& out, const StartRun& one) {
  encode(out, one.settings);
}

void put_message(ByteWriter& out, const AssignTrials& one) {
  out.put(one.ranks);
  out.put(one.epoch);
  put_trials(out, one.trials);
}

void put_message(ByteWriter& out, const ReportTrials& one) {
  out.put(one.report.idle);
  put_trials(out, one.report.returned);
  out.put(static_cast<std::uint32_t>(one.report.records.size()));
  for (const Record& record : one.report.records) {
    const std::size_t start = out.size();
    out.put(std::uint32_t{0});
    encode_record(out, record);
    out.replace(start, static_cast<std::uint32_t>(out.size() - start - sizeof(std::uint32_t)));
  }
}

void put_message(ByteWriter&, const Interrupt&) {}

void put_message(ByteWriter& out, const EndRun& one) {
  out.put(one.exit_status);
}

void get_message(ByteReader& in, Hello& one) {
  in.get(one.host);
  in.get(one.pid);
}

void get_message(ByteReader& in, StartRun& one) {
  one.settings = decode<RunSettings>(in);
}

void get_message(ByteReader& in, AssignTrials& one) {
  in.get(one.ranks);
  in.get(one.epoch);
  one.trials = get_trials(in);
}

void get_message(ByteReader& in, ReportTrials& one) {
  in.get(one.report.idle);
  one.report.returned = get_trials(in);
  std::uint32_t count = 0;
  in.get(count);
  one.report.records.reserve(std::min<std::size_t>(count, in.left() / encoded_size_of(Trial())));
  for (std::uint32_t i = 0; i < count; ++i) {
    std::uint32_t size = 0;
    in.get(size);
    one.report.records.push_back(decode_record(in.take(size)));
  }
}

void get_message(ByteReader&, Interrupt&) {}

void get_message(ByteReader& in, EndRun& one) {
  in.get(one.exit_status);
}

template <std::size_t alternative = 0>
Message get_tagged(std::size_t wanted, ByteReader& in) {
  if constexpr (alternative == std::variant_size_v<Message>) {
    throw std::out_of_range("unknown tag");
  } else {
    if (wanted != alternative) return get_tagged<alternative + 1>(wanted, in);
    std::variant_alternative_t<alternative, Message> message;
    get_message(in, message);
    if (!in.at_end()) throw std::out_of_range("too long");
    return message;
  }
}

}  // namespace

Tag tag_of(const Message& message) {
  return static_cast<Tag>(message.index() + 1);
}

std::vector<std::byte> encode_message(const Message& message) {
  ByteWriter out;
  std::visit([&](const auto& one) { put_message(out, one); }, message);
  return std::move(out).bytes();
}

Message decode_message(Tag tag, std::span<const std::byte> bytes) {
  try {
    ByteReader in(bytes);
    return get_tagged(static_cast<std::size_t>(tag) - 1, in);
  } catch (const std::out_of_range& error) {
    throw std::runtime_error("message of tag " + std::to_string(static_cast<int>(tag)) + ": " + error.what());
  }
}

}  // namespace memscale
