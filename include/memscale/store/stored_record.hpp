#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "memscale/experiment/result.hpp"

namespace memscale {

/// `record` as a store can hold it: its message as storable_text makes it, of at most longest_message bytes, its names
/// as storable_name does; only a failed trial keeps its message.
Record storable(Record record);
/// Whether that changes nothing.
bool is_storable(const Record& record);
inline constexpr std::size_t longest_message = 1000;
inline constexpr std::size_t longest_name = 255;
inline constexpr std::size_t longest_text = 60000;  ///< of a job file or command line: an HDF5 attribute ends at 64 kB

/// `text` in valid UTF-8 without NUL, '?' for each byte that is not, cut at a whole character to at most `longest`
/// bytes.
std::string storable_text(std::string text, std::size_t longest);

/// `name`, of a host or the like, in ASCII (the group of costs holds no other text), cut to longest_name bytes.
std::string storable_name(std::string name);

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
