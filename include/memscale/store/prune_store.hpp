#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "memscale/core/enum_names.hpp"
#include "memscale/store/record_filter.hpp"

namespace memscale {

struct PruneSummary {
  std::size_t trials = 0;                                                   ///< that the store held
  std::array<std::size_t, EnumNames<TrialStatus>::names.size()> removed{};  ///< by status
  std::vector<std::string> notes;                                           ///< see StoreView

  std::size_t removed_in_all() const;
};

enum class PruneMode { remove, dry_run };

/// Removes the records that the filter matches; a store of which none does keeps its bytes. Each step leaves a store
/// that is whole: the journal first becomes part of the snapshot, then the snapshot is replaced by one without the
/// records. Throws InputError for a store of an earlier format or in use by a run, and as open_store; where a disk
/// fails what write_snapshot throws.
PruneSummary prune_store(const std::filesystem::path& path, const RecordFilter& filter, PruneMode mode);

}  // namespace memscale
