#include "memscale/experiment/record_bytes.hpp"

#include <stdexcept>

#include "memscale/core/bytes.hpp"
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
  const std::vector<RankBin> bins = recall_bins(items);
  if (recall.size() != bins.size()) throw std::out_of_range("record: recall has another number of bins");
  for (std::size_t k = 0; k < bins.size(); ++k)
    if (recall[k] < 0 || recall[k] > bins[k].high - bins[k].low + 1)
      throw std::out_of_range("record: recall is not within its bin");
}

}  // namespace

std::vector<std::byte> encode_record(const Record& record) {
  ByteWriter out;
  encode(out, record.trial);
  encode(out, record.result);
  encode(out, record.trace);
  out.put(record.recall);
  encode(out, record.cost);
  out.put(record.message);
  return out.bytes();
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
    if (record.result.steps_done < 0 || values.size() != static_cast<std::uint64_t>(record.result.steps_done))
      throw std::out_of_range(std::string("record: trace ") + name + " has another length than the steps done");
  });
  require_sound_recall(record.recall, record.trial.items);
}

}  // namespace memscale
