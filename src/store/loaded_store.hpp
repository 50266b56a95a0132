#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "memscale/store/provenance.hpp"
#include "memscale/store/record_index.hpp"
#include "memscale/store/record_source.hpp"
#include "memscale/store/store_path.hpp"

namespace memscale {

/// What stands at a store's path at one moment.
struct LoadedStore {
  Provenance provenance;
  RecordIndex index;
  std::vector<std::shared_ptr<RecordFile>> files;
  std::vector<std::string> torn_tails;  ///< one line a segment that does not end with a whole record
  std::int64_t format = 0;              ///< of the snapshot or, without one, of the last segment; 0: neither
  bool has_snapshot = false;
  bool has_journal = false;  ///< segments, of whatever content
  bool is_there = false;     ///< a snapshot, or a journal's folder
};

enum class Formats { present, all };

/// Snapshot and journal together: read again if a run replaced the snapshot meanwhile, for it may then have removed
/// journal segments that had not been read. A store that is not there is empty. Throws InputError as open_store does,
/// and for an earlier format where only the present one is wanted.
LoadedStore load_store(const StorePath& path, Formats formats);

/// "trial 0123456789abcdef has two results that differ (capacity 1 and 2)"
std::string conflict_text(const Record& held, const Record& other);

}  // namespace memscale
