#include <stdexcept>

#include "legacy_fields.hpp"
#include "memscale/core/bytes.hpp"
#include "memscale/experiment/record_bytes.hpp"
#include "memscale/experiment/trace_length.hpp"
#include "memscale/store/legacy_snapshot.hpp"

namespace memscale {

namespace {

template <class Part>
void decode_part(ByteReader& in, std::int64_t format, Part& part) {
  for_each_field(part, [&](const char* name, auto& value) {
    if (is_stored<Part>(name, format)) in.get(value);
  });
}

/// What the result tells of a trial of one step; its loss and gradient were not measured.
Trace one_step_trace(const Trial& trial, const Result& result) {
  if (result.steps_done < 0 || result.steps_done > 1)
    throw std::out_of_range("record: physics version 1 had trials of one step only");
  Trace trace;
  for_each_field(trace, [&](const char* name, std::vector<double>& values) {
    values.assign(trace_length(name, trial, result.steps_done), Result::not_measured);
  });
  if (result.steps_done == 0) return trace;
  trace.capacity.front() = static_cast<double>(result.capacity);
  trace.prefix.front() = static_cast<double>(result.prefix);
  trace.accuracy.front() = result.accuracy;
  return trace;
}

}  // namespace

void complete_legacy_record(Record& record, std::int64_t format, std::int64_t physics) {
  if (format < first_format_with_orthogonal && record.trial.model != ModelKind::gaussian)
    throw std::out_of_range("record: a model that its format did not have");
  if (!is_stored<Trial>("physics", format)) record.trial.physics = physics;
  if (format < first_format_with_traces) record.trace = one_step_trace(record.trial, record.result);
  require_sound(record);
}

Record decode_legacy_record(std::span<const std::byte> payload, std::int64_t format, std::int64_t physics) {
  if (!is_legacy(format, physics)) throw std::out_of_range("record: no version wrote these results in this format");
  ByteReader in(payload);
  Record record;
  decode_part(in, format, record.trial);
  decode_part(in, format, record.result);
  if (format >= first_format_with_traces) {
    decode_part(in, format, record.trace);
    in.get(record.recall);
  }
  decode_part(in, format, record.cost);
  in.get(record.message);
  if (!in.at_end()) throw std::out_of_range("record: too long");
  complete_legacy_record(record, format, physics);
  return record;
}

}  // namespace memscale
