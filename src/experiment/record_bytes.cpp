#include "memscale/experiment/record_bytes.hpp"

#include <xxhash.h>

#include <cstring>
#include <limits>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "memscale/core/bytes.hpp"
#include "memscale/experiment/trace_length.hpp"
#include "memscale/model/recall.hpp"

namespace memscale {

namespace {

/// Throws std::out_of_range for an enum's code that has no name.
template <class Fields>
void require_known_codes(const Fields& fields) {
  for_each_field(fields, [](const char*, const auto& value) {
    if constexpr (NamedEnum<std::remove_cvref_t<decltype(value)>>) name_of(value);
  });
}

void require_sound_recall(const std::vector<std::int64_t>& recall, std::int64_t items) {
  constexpr std::int64_t most_items = 1'000'000'000'000'000;  // recall_bins counts in 64 bits
  if (recall.empty()) return;
  if (items < 1 || items > most_items) throw std::out_of_range("record: recall of no items");
  // The trials of a store mostly have one number of items.
  thread_local std::pair<std::int64_t, std::vector<RankBin>> last;
  if (last.first != items) last = {items, recall_bins(items)};
  const std::vector<RankBin>& bins = last.second;
  if (recall.size() != bins.size()) throw std::out_of_range("record: recall has another number of bins");
  for (std::size_t k = 0; k < bins.size(); ++k)
    if (recall[k] < 0 || recall[k] > bins[k].high - bins[k].low + 1)
      throw std::out_of_range("record: recall is not within its bin");
}

void encode_outcome(ByteWriter& out, const Record& record) {
  encode(out, record.result);
  encode(out, record.trace);
  out.put(record.recall);
}

/// Walks over an encoded record.
class Walk {
 public:
  explicit Walk(std::span<const std::byte> bytes) : bytes_(bytes) {}

  void skip(std::size_t count) {
    if (count > bytes_.size() - place_) throw std::out_of_range("record: too short");
    place_ += count;
  }
  /// A text or vector: its length, then so many elements.
  void skip_list(std::size_t element) {
    const std::size_t start = place_;
    skip(sizeof(std::uint32_t));
    std::uint32_t length = 0;
    std::memcpy(&length, bytes_.data() + start, sizeof length);
    skip(length * element);
  }
  /// What was walked over since the last call.
  std::span<const std::byte> part() {
    const auto walked = bytes_.subspan(begin_, place_ - begin_);
    begin_ = place_;
    return walked;
  }
  bool at_end() const { return place_ == bytes_.size(); }

 private:
  std::span<const std::byte> bytes_;
  std::size_t begin_ = 0, place_ = 0;
};

std::uint64_t digest_of(std::span<const std::byte> outcome) {
  return XXH3_64bits(outcome.data(), outcome.size());
}

template <class Fields>
Fields decode_known(std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  const auto fields = decode<Fields>(in);
  require_known_codes(fields);
  return fields;
}

/// Throws std::out_of_range for a count that is not one.
std::uint32_t count_of(std::int64_t value) {
  if (value < 0 || value > std::numeric_limits<std::uint32_t>::max()) throw std::out_of_range("record: no such count");
  return static_cast<std::uint32_t>(value);
}

}  // namespace

RecordSummary summarize_record(std::span<const std::byte> bytes) {
  static const Record sample;
  static const std::size_t trial_size = encoded_size_of(sample.trial), result_size = encoded_size_of(sample.result);
  Walk walk(bytes);
  walk.skip(trial_size);
  const auto trial = walk.part();
  walk.skip(result_size);
  for_each_field(sample.trace, [&](const char*, const std::vector<double>&) { walk.skip_list(sizeof(double)); });
  walk.skip_list(sizeof(std::int64_t));
  const auto outcome = walk.part();
  for_each_field(sample.cost, [&]<class T>(const char*, const T&) {
    if constexpr (std::is_same_v<T, std::string>)
      walk.skip_list(1);
    else
      walk.skip(sizeof(T));
  });
  walk.skip_list(1);
  if (!walk.at_end()) throw std::out_of_range("record: too long");
  const auto result = decode_known<Result>(outcome);
  return {digest_of(outcome), result.status, count_of(result.steps_done), count_of(decode_known<Trial>(trial).items)};
}

std::uint64_t outcome_digest(const Record& record) {
  ByteWriter out;
  encode_outcome(out, record);
  return digest_of(out.bytes());
}

std::vector<std::byte> encode_record(const Record& record) {
  ByteWriter out;
  encode_record(out, record);
  return std::move(out).bytes();
}

void encode_record(ByteWriter& out, const Record& record) {
  encode(out, record.trial);
  encode_outcome(out, record);
  encode(out, record.cost);
  out.put(record.message);
}

RecordSummary encode_and_summarize(ByteWriter& out, const Record& record) {
  require_sound(record);
  const std::size_t start = out.size();
  encode_record(out, record);
  const std::size_t end_size = encoded_size_of(record.cost) + encoded_size(record.message);
  const auto bytes = std::span(out.bytes()).subspan(start);
  const auto outcome = bytes.first(bytes.size() - end_size).subspan(encoded_size_of(record.trial));
  return {digest_of(outcome), record.result.status, count_of(record.result.steps_done), count_of(record.trial.items)};
}

Record decode_record(std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  Record record;
  record.trial = decode<Trial>(in);
  record.result = decode<Result>(in);
  record.trace = decode<Trace>(in);
  in.get(record.recall);
  record.cost = decode<Cost>(in);
  in.get(record.message);
  if (!in.at_end()) throw std::out_of_range("record: too long");
  require_sound(record);
  return record;
}

void require_sound(const Record& record) {
  require_known_codes(record.trial);
  require_known_codes(record.result);
  for_each_field(record.trace, [&](const char* name, const std::vector<double>& values) {
    if (record.result.steps_done < 0 || values.size() != trace_length(name, record.trial, record.result.steps_done))
      throw std::out_of_range(std::string("record: trace ") + name + " has another length than the steps done");
  });
  require_sound_recall(record.recall, record.trial.items);
}

}  // namespace memscale
