#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "memscale/experiment/result.hpp"

namespace memscale {

/// `record` as a store can hold it: texts are cut (at a whole UTF-8 character) to longest_message or longest_name bytes
/// and their NUL bytes become '?'; only a failed trial keeps its message.
Record storable(Record record);
inline constexpr std::size_t longest_message = 1000;
inline constexpr std::size_t longest_name = 255;
inline constexpr std::size_t longest_text = 60000;  ///< of a job file or command line: an HDF5 attribute ends at 64 kB

/// `text` cut at a whole UTF-8 character to at most `longest` bytes, '?' for NUL.
std::string storable_text(std::string text, std::size_t longest);

/// Whether all bits of the two agree: a NaN equals the same NaN.
bool same_record(const Record& a, const Record& b);
bool same_records(const std::vector<Record>& a, const std::vector<Record>& b);
/// The same of what a trial found: result, trace and recall.
bool same_outcome(const Record& a, const Record& b);

/// A finished trial need not run again; a failed one is to.
inline bool is_finished(const Record& record) {
  return record.result.status != TrialStatus::failed;
}

}  // namespace memscale
