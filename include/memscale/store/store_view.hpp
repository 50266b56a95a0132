#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "memscale/store/provenance.hpp"
#include "memscale/store/record_source.hpp"

namespace memscale {

/// A store as it is at one moment, snapshot and journal together, for those who read it: a run that goes on writing
/// does not disturb it, nor it the run. Stays as it is when the run replaces its files.
struct StoreView {
  Provenance provenance;
  RecordSource source;
  std::vector<std::string> notes;  ///< one line a journal segment that does not end with a whole record
  std::int64_t format = 0;         ///< of the snapshot or, without one, of the last journal segment
  bool has_snapshot = false;
  bool has_journal = false;  ///< segments, of whatever content
};

/// Opens a store of this or an earlier format, without reading traces. Throws InputError for a path that is not a
/// memscale store, does not exist, is of a later format, is damaged, or holds two finished results of one trial that
/// differ.
StoreView open_store(const std::filesystem::path& path);

struct StoreContents {
  Provenance provenance;
  std::vector<Record> records;     ///< sorted by trial id; one a trial
  std::vector<std::string> notes;  ///< see StoreView
};

/// All of a store at once, in memory: about 2 kB a trial of 30 steps. Throws as open_store does.
StoreContents read_store(const std::filesystem::path& path, RecordParts parts = {});

}  // namespace memscale
