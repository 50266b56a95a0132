#include "memscale/store/prune_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <numeric>
#include <utility>

#include "memscale/core/text.hpp"
#include "memscale/store/journal.hpp"
#include "memscale/store/result_store.hpp"
#include "memscale/store/sealed_file.hpp"
#include "memscale/store/snapshot.hpp"
#include "memscale/store/store_lock.hpp"
#include "memscale/store/store_view.hpp"

namespace memscale {

namespace fs = std::filesystem;

namespace {

/// Refuses what is no store or must not be replaced, before a lock is made beside it.
void require_store(const fs::path& name, const StorePath& path) {
  if (::access(path.snapshot.c_str(), F_OK) != 0) {
    if (journal_segments(path.journal).empty()) throw invalid_store(name, "does not exist");
    return;
  }
  if (::access(path.snapshot.c_str(), R_OK | W_OK) != 0) throw invalid_store(name, "may not be written");
  read_seal(open_file(path.snapshot, O_RDONLY), path.snapshot);
}

StoreView open_present(const fs::path& name) {
  StoreView view = open_store(name);
  if (view.format != store_format_version && view.format != 0)  // 0: a journal without a whole record
    throw invalid_store(name, "is of format " + to_text(view.format) + ": memscale merge " + printable(name.string()) +
                                  " -o NEW makes one of format " + to_text(store_format_version) + " of it");
  return view;
}

/// The records that stay; counts the others.
RecordSource without(const RecordSource& source, const RecordFilter& filter, PruneSummary& summary) {
  RecordSource kept{source.files, {}};
  source.for_each(
      [&](const Record& record, const IndexEntry& entry) {
        if (filter.matches(record))
          ++summary.removed.at(static_cast<std::size_t>(entry.status));
        else
          kept.entries.push_back(entry);
      },
      {.trace = false, .recall = false, .cost = false});
  return kept;
}

}  // namespace

std::size_t PruneSummary::removed_in_all() const {
  return std::accumulate(removed.begin(), removed.end(), std::size_t{0});
}

PruneSummary prune_store(const fs::path& name, const RecordFilter& filter, PruneMode mode) {
  const StorePath path = resolve_store_path(name);
  PruneSummary summary;
  const auto look = [&](const StoreView& view) {
    summary.trials = view.source.entries.size();
    summary.notes = view.notes;
    return without(view.source, filter, summary);
  };
  if (mode == PruneMode::dry_run) {
    look(open_present(name));
    return summary;
  }
  require_store(name, path);
  StoreLock lock(path);
  const StoreView view = open_present(name);
  const RecordSource kept = look(view);
  if (summary.removed_in_all() == 0) return summary;
  remove_leftovers(path.snapshot);
  if (view.has_journal) {
    write_snapshot(path.snapshot, view.provenance, view.source);
    remove_segments(path);
  }
  write_snapshot(path.snapshot, view.provenance, kept);
  lock.remove();
  return summary;
}

}  // namespace memscale
