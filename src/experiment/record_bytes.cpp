#include "memscale/experiment/record_bytes.hpp"

#include <xxhash.h>

#include <bit>
#include <cstring>
#include <limits>
#include <memory>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "memscale/core/bytes.hpp"
#include "memscale/experiment/model_fields.hpp"
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

constexpr std::int64_t most_items = 1'000'000'000'000'000;  // recall_bins counts in 64 bits

void require_sound_recall(const std::vector<std::int64_t>& recall, std::int64_t items) {
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
  /// A text or vector: its length, which is returned, then so many elements.
  std::uint32_t skip_list(std::size_t element) {
    const std::size_t start = place_;
    skip(sizeof(std::uint32_t));
    std::uint32_t length = 0;
    std::memcpy(&length, bytes_.data() + start, sizeof length);
    skip(length * element);
    return length;
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

/// Bytes that stand side by side in an encoded Result.
struct ResultPiece {
  std::size_t size;
  bool is_orthogonal_only;
};

std::vector<ResultPiece> result_pieces() {
  std::vector<ResultPiece> pieces;
  const Result sample;
  for_each_field(sample, [&](const char* name, const auto& value) {
    const bool is_orthogonal = is_orthogonal_only<Result>(name);
    if (pieces.empty() || pieces.back().is_orthogonal_only != is_orthogonal) pieces.push_back({0, is_orthogonal});
    pieces.back().size += encoded_size(value);
  });
  return pieces;
}

/// Of each list of an encoded Trace, whether it is of orthogonal memories alone.
std::vector<bool> orthogonal_traces() {
  std::vector<bool> are;
  const Trace sample;
  for_each_field(sample, [&](const char* name, const auto&) { are.push_back(is_orthogonal_only<Trace>(name)); });
  return are;
}

/// The digest of a gaussian trial's outcome, whose bytes are not copied: traces can be long.
std::uint64_t gaussian_digest(std::span<const std::byte> outcome) {
  static const std::vector<ResultPiece> pieces = result_pieces();
  static const std::vector<bool> traces = orthogonal_traces();
  thread_local const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(), XXH3_freeState);
  XXH3_64bits_reset(state.get());
  Walk walk(outcome);
  const auto add = [&] {
    const auto part = walk.part();
    XXH3_64bits_update(state.get(), part.data(), part.size());
  };
  for (const ResultPiece& piece : pieces) {
    if (piece.is_orthogonal_only) add();
    walk.skip(piece.size);
    if (piece.is_orthogonal_only) walk.part();
  }
  for (const bool is_orthogonal : traces) {
    if (is_orthogonal) add();
    walk.skip_list(sizeof(double));
    if (is_orthogonal) walk.part();
  }
  walk.skip_list(sizeof(std::int64_t));
  add();
  return XXH3_64bits_digest(state.get());
}

std::uint64_t digest_of(std::span<const std::byte> outcome, ModelKind model) {
  return model == ModelKind::orthogonal ? XXH3_64bits(outcome.data(), outcome.size()) : gaussian_digest(outcome);
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
  std::uint32_t group_losses = 0;  // the last list
  for_each_field(sample.trace,
                 [&](const char*, const std::vector<double>&) { group_losses = walk.skip_list(sizeof(double)); });
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
  const auto parameters = decode_known<Trial>(trial);
  return {digest_of(outcome, parameters.model), result.status, count_of(result.steps_done), count_of(parameters.items),
          group_losses};
}

std::uint64_t outcome_digest(const Record& record) {
  ByteWriter out;
  encode_outcome(out, record);
  return digest_of(out.bytes(), record.trial.model);
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
  return {digest_of(outcome, record.trial.model), record.result.status, count_of(record.result.steps_done),
          count_of(record.trial.items), static_cast<std::uint32_t>(record.trace.group_loss.size())};
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
  require_own_fields(record.trial, record.result);
  for_each_field(record.trace, [&](const char* name, const std::vector<double>& values) {
    if (record.result.steps_done < 0 || values.size() != trace_length(name, record.trial, record.result.steps_done))
      throw std::out_of_range(std::string("record: trace ") + name + " has another length than the steps done");
  });
  require_sound_recall(record.recall, record.trial.items);
}

void require_own_fields(const Trial& trial, const Result& result) {
  if (trial.model == ModelKind::orthogonal) {
    if (trial.groups < 0 || trial.groups > most_items) throw std::out_of_range("record: no such number of groups");
    return;
  }
  static const Trial none;
  const bool has_parameters = trial.frequencies != none.frequencies || trial.groups != 0 || trial.head_mass != 0 ||
                              trial.head_share != 0 || trial.label_noise != 0 || trial.task_basis != none.task_basis ||
                              trial.representation != none.representation;
  constexpr auto not_measured = std::bit_cast<std::uint64_t>(Result::not_measured);
  bool has_results = false;
  for (const double value :
       {result.loss_floor, result.gap, result.min_probability, result.max_probability, result.imbalance, result.rho_0_5,
        result.rho_0_1, result.rho_0_01, result.rho_0_001, result.centered_largest, result.centered_smallest})
    has_results = has_results || std::bit_cast<std::uint64_t>(value) != not_measured;
  if (has_parameters || has_results) throw std::out_of_range("record: a gaussian trial has fields of orthogonal ones");
}

}  // namespace memscale
