#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "memscale/store/provenance.hpp"
#include "memscale/store/record_source.hpp"
#include "memscale/store/store_view.hpp"

namespace memscale {

struct MergeInput {
  std::filesystem::path path;  ///< as given: for messages
  StoreView view;
};

/// What several stores hold together.
struct MergedStores {
  Provenance provenance;  ///< all jobs; no command line
  RecordSource source;
  std::size_t in_several = 0;  ///< trials that more than one store holds
};

/// The union alone, whatever jobs made the stores: `provenance` is empty. Throws InputError as merge_stores does for
/// results that differ.
MergedStores unite_stores(const std::vector<MergeInput>& inputs);

enum class OtherJobs { refused, accepted };

/// The union by trial id, as RecordIndex makes it: a finished result wins over a failed one, of two failed ones the
/// later store's stays. Throws InputError for two finished results of one trial that differ, naming the first trial and
/// how many there are; and for a job of a later store that changes what the jobs of the earlier ones fixed (see
/// job_differences) otherwise than it was forced to in its own store, unless such are `accepted`: JobEntry::forced then
/// tells these changes, too. A job of an earlier format gets the parameters and flags that its text and command line
/// tell.
MergedStores merge_stores(const std::vector<MergeInput>& inputs, OtherJobs other_jobs);

/// Throws InputError if there is a store at `path`, a part of one, or another file.
void require_no_store(const std::filesystem::path& path);

/// Makes a store of these records, read back and compared before it has its name. Throws InputError as require_no_store
/// does, or if a run begins to use the path; what write_snapshot throws.
void write_new_store(const std::filesystem::path& path, const Provenance& provenance, const RecordSource& source);

}  // namespace memscale
