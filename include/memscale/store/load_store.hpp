#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "memscale/store/record_set.hpp"
#include "memscale/store/result_store.hpp"
#include "memscale/store/store_path.hpp"

namespace memscale {

struct LoadedStore {
  Provenance provenance;  ///< of the last run that wrote anything
  RecordSet records;
  bool has_snapshot = false;
  bool has_journal = false;             ///< segments, of whatever content
  std::vector<std::string> torn_tails;  ///< one line a segment that does not end with a whole record
};

/// Snapshot and journal together, as they were at one moment: read again if a run replaced the snapshot meanwhile, for
/// it may then have removed journal segments that had not been read. Throws InputError like read_store, and
/// std::runtime_error for two results of one trial that differ. A store that is not there is empty.
LoadedStore load_store(const StorePath& path);

}  // namespace memscale
