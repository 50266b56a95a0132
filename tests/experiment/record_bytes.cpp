#include "memscale/experiment/record_bytes.hpp"

#include <xxhash.h>

#include <stdexcept>

#include "catch.hpp"
#include "memscale/experiment/model_fields.hpp"
#include "memscale/experiment/trace_length.hpp"

using namespace memscale;

namespace {

/// Of 12 steps done; an orthogonal one has 10 groups.
Record make_record(ModelKind model) {
  Record record;
  record.trial.model = model;
  record.trial.items = 30;
  record.trial.steps = 20;
  if (model == ModelKind::orthogonal) record.trial.groups = 10;
  record.result.steps_done = 12;
  for_each_field(record.trace, [&](const char* name, std::vector<double>& values) {
    while (values.size() < trace_length(name, record.trial, 12)) values.push_back(0.5 + double(values.size()));
  });
  return record;
}

template <class Part>
void set_field(Part& part, const std::string& wanted) {
  for_each_field(part, [&]<class Value>(const char* name, Value& value) {
    if constexpr (std::is_same_v<Value, double> || std::is_same_v<Value, std::int64_t>) {
      if (name == wanted) value = 1;
    } else if constexpr (std::is_enum_v<Value>) {
      if (name == wanted) value = static_cast<Value>(1);
    }
  });
}

std::vector<std::byte> without_cost(const Record& record) {
  const std::vector<std::byte> bytes = encode_record(record);
  const std::size_t end = encoded_size_of(record.cost) + encoded_size(record.message);
  return {bytes.begin(), bytes.end() - static_cast<std::ptrdiff_t>(end)};
}

}  // namespace

TEST_CASE("traces have a number a step, and a loss for each bin of groups after each step that is kept") {
  const Trial gaussian = make_record(ModelKind::gaussian).trial;
  Trial orthogonal = make_record(ModelKind::orthogonal).trial;
  for (const char* name : {"capacity", "train_loss"}) {
    CHECK(trace_length(name, gaussian, 12) == 12);
    CHECK(trace_length(name, orthogonal, 12) == 12);
  }
  for (const char* name : {"gap", "min_probability", "max_probability"}) {
    CHECK(trace_length(name, gaussian, 12) == 0);
    CHECK(trace_length(name, orthogonal, 12) == 12);
  }
  CHECK(group_loss_steps(12) == std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12});
  CHECK(group_loss_steps(14).back() == 14);
  CHECK(group_loss_steps(0).empty());
  CHECK(trace_length("group_loss", gaussian, 12) == 0);
  CHECK(trace_length("group_loss", orthogonal, 12) == 11 * 10);
  orthogonal.groups = 12;
  CHECK(trace_length("group_loss", orthogonal, 13) == 12 * 11);
  CHECK(trace_length("group_loss", orthogonal, 0) == 0);
}

TEST_CASE("a record is sound if its traces have the lengths of its model") {
  for (const ModelKind model : {ModelKind::gaussian, ModelKind::orthogonal}) {
    const Record record = make_record(model);
    CHECK_NOTHROW(require_sound(record));
    const std::vector<std::byte> bytes = encode_record(record);
    CHECK(encode_record(decode_record(bytes)) == bytes);
    const Trace names;
    for_each_field(names, [&](const char* wanted, const auto&) {
      INFO(wanted);
      Record more = record, less = record;
      for_each_field(more.trace, [&](const std::string name, std::vector<double>& values) {
        if (name == wanted) values.push_back(1);
      });
      for_each_field(less.trace, [&](const std::string name, std::vector<double>& values) {
        if (name == wanted && !values.empty()) values.pop_back();
      });
      CHECK_THROWS_AS(require_sound(more), std::out_of_range);
      CHECK_THROWS_AS(decode_record(encode_record(more)), std::out_of_range);
      if (model == ModelKind::orthogonal || !is_orthogonal_only<Trace>(wanted))
        CHECK_THROWS_AS(require_sound(less), std::out_of_range);
    });
  }
  Record record = make_record(ModelKind::orthogonal);
  for (const std::int64_t groups : {std::int64_t{-1}, std::int64_t{1} << 60, std::int64_t{9}}) {
    record.trial.groups = groups;
    CHECK_THROWS_AS(require_sound(record), std::out_of_range);
  }
}

TEST_CASE("a gaussian trial's record with any field of orthogonal ones is refused") {
  const Record record = make_record(ModelKind::gaussian);
  for (const std::string_view name : orthogonal_fields<Trial>) {
    INFO(name);
    Record wrong = record;
    set_field(wrong.trial, std::string(name));
    CHECK(trial_id(wrong.trial) == trial_id(record.trial));
    CHECK_THROWS_AS(require_sound(wrong), std::out_of_range);
  }
  for (const std::string_view name : orthogonal_fields<Result>) {
    INFO(name);
    Record wrong = record;
    set_field(wrong.result, std::string(name));
    CHECK(outcome_digest(wrong) == outcome_digest(record));
    CHECK_THROWS_AS(require_sound(wrong), std::out_of_range);
  }
}

TEST_CASE("a digest is that of the encoded outcome, of a gaussian trial without the fields of orthogonal ones") {
  for (const ModelKind model : {ModelKind::gaussian, ModelKind::orthogonal}) {
    const Record record = make_record(model);
    const bool is_orthogonal = model == ModelKind::orthogonal;
    ByteWriter outcome;
    for_each_field(record.result, [&](const char* name, const auto& value) {
      if (is_orthogonal || !is_orthogonal_only<Result>(name)) outcome.put(value);
    });
    for_each_field(record.trace, [&](const char* name, const auto& values) {
      if (is_orthogonal || !is_orthogonal_only<Trace>(name)) outcome.put(values);
    });
    outcome.put(record.recall);
    const std::uint64_t digest = XXH3_64bits(outcome.bytes().data(), outcome.size());
    CHECK(outcome_digest(record) == digest);
    const RecordSummary summary = summarize_record(encode_record(record));
    CHECK(summary.digest == digest);
    CHECK(summary.group_losses == record.trace.group_loss.size());
    ByteWriter out;
    const RecordSummary encoded = encode_and_summarize(out, record);
    CHECK(encoded.digest == digest);
    CHECK(encoded.group_losses == summary.group_losses);
    CHECK(out.bytes() == encode_record(record));
  }
  const Record record = make_record(ModelKind::orthogonal);
  const Result names;
  for_each_field(names, [&](const char* name, const auto&) {
    Record other = record;
    set_field(other.result, name);
    INFO(name);
    CHECK((outcome_digest(other) != outcome_digest(record)) == (without_cost(other) != without_cost(record)));
    CHECK(outcome_digest(other) != outcome_digest(record));
  });
}
