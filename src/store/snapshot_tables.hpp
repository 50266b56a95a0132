#pragma once

#include <vector>

#include "memscale/experiment/result.hpp"
#include "memscale/store/hdf5_handle.hpp"

namespace memscale {

/// The groups /traces and /recall of a snapshot, see snapshot.hpp. Reading fills records that hold trial and result
/// already; it throws Hdf5Error for what is missing or cannot be theirs.
void write_traces(hid_t root, const std::vector<Record>& records);
void write_recall(hid_t root, const std::vector<Record>& records);
void read_traces(hid_t root, std::vector<Record>& records);
void read_recall(hid_t root, std::vector<Record>& records);

}  // namespace memscale
