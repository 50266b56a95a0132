#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "memscale/core/bytes.hpp"
#include "memscale/experiment/result.hpp"

namespace memscale {

/// Trial, Result, Trace, recall, Cost, message: the one encoding of a record, in messages and in the journal.
std::vector<std::byte> encode_record(const Record& record);
/// The same, behind what `out` holds already.
void encode_record(ByteWriter& out, const Record& record);

/// Reads what encode_record wrote. Throws std::out_of_range for missing or surplus bytes and where require_sound does.
Record decode_record(std::span<const std::byte> bytes);

/// What an encoded record is asked most, found without decoding it.
struct RecordSummary {
  std::uint64_t digest = 0;  ///< outcome_digest
  TrialStatus status = TrialStatus::ok;
  std::uint32_t steps_done = 0;
  std::uint32_t items = 0;
  std::uint32_t group_losses = 0;  ///< numbers in the trace group_loss
};

/// encode_record behind what `out` holds already, and what summarize_record says of it. Throws std::out_of_range for a
/// record that decode_record or summarize_record would refuse, and may leave a part of it.
RecordSummary encode_and_summarize(ByteWriter& out, const Record& record);

/// Throws std::out_of_range for missing or surplus bytes, codes without names and counts that cannot be.
RecordSummary summarize_record(std::span<const std::byte> bytes);

/// XXH3-64 of a record's encoded Result, Trace and recall, of a gaussian trial without the orthogonal_fields, so that
/// it is what it was before there were any: equal for two sound records that agree in all bits of these.
std::uint64_t outcome_digest(const Record& record);

/// Throws std::out_of_range unless the record can be one: every enum's code has a name, it has no field of another
/// model (see require_own_fields), each trace has its trace_length, recall has a count for each bin of the trial's
/// items, or none at all, and no count is above its bin's size.
void require_sound(const Record& record);

/// Throws std::out_of_range where a gaussian trial has one of the orthogonal_fields, of which neither id nor digest
/// would tell, and where an orthogonal one has groups that cannot be counted.
void require_own_fields(const Trial& trial, const Result& result);

}  // namespace memscale
