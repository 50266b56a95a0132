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
};

/// encode_record behind what `out` holds already, and what summarize_record says of it. Throws std::out_of_range for a
/// record that decode_record or summarize_record would refuse, and may leave a part of it.
RecordSummary encode_and_summarize(ByteWriter& out, const Record& record);

/// Throws std::out_of_range for missing or surplus bytes, codes without names and counts that cannot be.
RecordSummary summarize_record(std::span<const std::byte> bytes);

/// XXH3-64 of a record's encoded Result, Trace and recall: equal for two records that agree in all bits of these.
std::uint64_t outcome_digest(const Record& record);

/// Throws std::out_of_range unless the record can be one: every enum's code has a name, each trace holds steps_done
/// numbers, recall has a count for each bin of the trial's items, or none at all, and no count is above its bin's size.
void require_sound(const Record& record);

}  // namespace memscale
