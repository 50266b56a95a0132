#include "loaded_store.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

#include "memscale/core/text.hpp"
#include "memscale/store/journal.hpp"
#include "memscale/store/legacy_snapshot.hpp"
#include "memscale/store/result_difference.hpp"
#include "memscale/store/result_store.hpp"
#include "memscale/store/sealed_file.hpp"
#include "memscale/store/snapshot.hpp"
#include "memscale/store/store_view.hpp"

namespace memscale {

namespace fs = std::filesystem;

namespace {

/// Which file a name or descriptor stands for; nothing if there is none. While a file is open its number is not reused.
using FileIdentity = std::optional<std::pair<dev_t, ino_t>>;

FileIdentity identity(int failed, const struct stat& status, const fs::path& path) {
  if (failed == 0) return std::pair(status.st_dev, status.st_ino);
  if (errno != ENOENT) throw_system_error(errno, "stat", path);
  return std::nullopt;
}

FileIdentity identity_of(const fs::path& path) {
  struct stat status {};
  return identity(::stat(path.c_str(), &status), status, path);
}

FileIdentity identity_of(const FileDescriptor& file, const fs::path& path) {
  if (!file) return std::nullopt;
  struct stat status {};
  return identity(::fstat(file.get(), &status), status, path);
}

FileDescriptor open_if_there(const fs::path& path) {
  try {
    return open_file(path, O_RDONLY);
  } catch (const std::system_error& error) {
    if (error.code() == std::errc::no_such_file_or_directory) return {};
    throw;
  }
}

class Loader {
 public:
  Loader(const StorePath& path, Formats formats) : path_(path), formats_(formats) {}

  /// Nothing if the snapshot was replaced meanwhile.
  std::optional<LoadedStore> load() {
    FileDescriptor snapshot = open_if_there(path_.snapshot);
    const FileIdentity opened = identity_of(snapshot, path_.snapshot);
    if (snapshot) add_snapshot(std::move(snapshot));
    for (const fs::path& segment : journal_segments(path_.journal)) {
      store_.has_journal = true;
      try {
        add_segment(segment);
      } catch (const std::system_error& error) {
        if (error.code() != std::errc::no_such_file_or_directory) throw;
      }
    }
    std::error_code error;
    store_.is_there = store_.has_snapshot || fs::is_directory(path_.journal, error);
    if (identity_of(path_.snapshot) != opened) return std::nullopt;  // after all else was looked at
    return std::move(store_);
  }

 private:
  void require_wanted(std::int64_t format) const {
    require_known_format(path_.snapshot, format);
    if (format != store_format_version && formats_ == Formats::present)
      throw invalid_store(path_.snapshot, "is of an earlier format; this program writes format " +
                                              to_text(store_format_version) + ": memscale merge " +
                                              path_.snapshot.filename().string() + " -o NEW makes one of it");
  }

  void add_snapshot(FileDescriptor file) {
    store_.has_snapshot = true;
    store_.format = read_seal(file, path_.snapshot).format;
    require_wanted(store_.format);
    if (store_.format >= first_format_with_catalog) {
      auto snapshot = std::make_shared<SnapshotFile>(std::move(file), path_.snapshot);
      store_.provenance = snapshot->provenance();
      const std::vector<IndexEntry> entries = snapshot->entries();
      store_.index.reserve(entries.size());
      for (const IndexEntry& entry : entries) add(entry, snapshot);
      store_.files.push_back(std::move(snapshot));
    } else {
      LegacySnapshot snapshot = read_legacy_snapshot(file, path_.snapshot);
      store_.format = snapshot.format;
      store_.provenance = std::move(snapshot.provenance);
      auto records = std::make_shared<RecordList>(snapshot.records);
      for (std::size_t row = 0; row < snapshot.records.size(); ++row)
        add(index_entry(snapshot.records[row], row), records);
      store_.files.push_back(std::move(records));
    }
  }

  void add_segment(const fs::path& name) {
    const auto segment = std::make_shared<JournalSegment>(name, path_.snapshot);
    if (const auto& header = segment->header()) {
      require_wanted(header->format);
      if (!store_.has_snapshot) store_.format = header->format;
      add_job(store_.provenance.jobs, header->job);
      store_.provenance.command_line = header->command_line;
    }
    segment->scan([&](const IndexEntry& entry) { add(entry, segment); });
    store_.files.push_back(segment);
    if (const std::uint64_t rest = segment->unread(); rest > 0)
      store_.torn_tails.push_back(name.filename().string() + ": its last " + to_text(rest) +
                                  " bytes are not whole records; their trials count as not run");
  }

  /// `file` becomes the next of the store's files.
  void add(IndexEntry entry, const std::shared_ptr<RecordFile>& file) {
    entry.file = static_cast<std::uint32_t>(store_.files.size());
    if (store_.index.add(entry) != RecordIndex::Added::conflict) return;
    const IndexEntry& held = *store_.index.find(entry.id);
    const Record first =
        held.file < entry.file ? store_.files[held.file]->read(held, {}) : file->twin()->read(held, {});
    throw invalid_store(path_.snapshot, conflict_text(first, file->twin()->read(entry, {})));
  }

  const StorePath& path_;
  Formats formats_;
  LoadedStore store_;
};

}  // namespace

LoadedStore load_store(const StorePath& path, Formats formats) {
  constexpr int tries = 1000;  // snapshots are 30 s apart, except where short runs follow each other
  try {
    for (int i = 0; i < tries; ++i)
      if (auto store = Loader(path, formats).load()) return std::move(*store);
  } catch (const std::system_error& error) {
    throw invalid_store(path.snapshot, std::string("cannot be read: ") + error.what());
  }
  throw std::runtime_error("store " + printable(path.snapshot.string()) + " is replaced faster than it can be read");
}

std::string conflict_text(const Record& held, const Record& other) {
  const auto found = differences(held, other);
  const std::string where =
      found.empty() ? "no field" : found.front().name + " " + found.front().stored + " and " + found.front().now;
  return "trial " + to_hex(trial_id(held.trial)) + " has two results that differ (" + where + ")";
}

StoreView open_store(const fs::path& name) {
  const StorePath path = resolve_store_path(name);
  LoadedStore store = load_store(path, Formats::all);
  if (!store.is_there) throw invalid_store(name, "does not exist");
  return {std::move(store.provenance), {std::move(store.files), sorted_by_id(store.index.entries())},
          std::move(store.torn_tails), store.format,
          store.has_snapshot,          store.has_journal};
}

StoreContents read_store(const fs::path& path, RecordParts parts) {
  StoreView view = open_store(path);
  StoreContents contents{std::move(view.provenance), {}, std::move(view.notes)};
  contents.records.reserve(view.source.entries.size());
  view.source.for_each([&](Record&& record, const IndexEntry&) { contents.records.push_back(std::move(record)); },
                       parts);
  return contents;
}

}  // namespace memscale
