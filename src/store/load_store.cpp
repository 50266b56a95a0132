#include "memscale/store/load_store.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

#include "memscale/core/text.hpp"
#include "memscale/store/journal.hpp"
#include "memscale/store/sealed_file.hpp"
#include "memscale/store/snapshot.hpp"

namespace memscale {

namespace fs = std::filesystem;

namespace {

/// Which file a name or descriptor stands for; nothing if there is none. While a file is open its number is not reused.
std::optional<std::pair<dev_t, ino_t>> identity(int failed, const struct stat& status, const fs::path& path) {
  if (failed == 0) return std::pair(status.st_dev, status.st_ino);
  if (errno != ENOENT) throw_system_error(errno, "stat", path);
  return std::nullopt;
}

std::optional<std::pair<dev_t, ino_t>> identity_of(const fs::path& path) {
  struct stat status {};
  return identity(::stat(path.c_str(), &status), status, path);
}

std::optional<std::pair<dev_t, ino_t>> identity_of(const FileDescriptor& file, const fs::path& path) {
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

void add_all(LoadedStore& store, std::vector<Record> records) {
  for (Record& record : records) store.records.add(trial_id(record.trial), std::move(record));
}

void add_segment(LoadedStore& store, const fs::path& segment, const StorePath& path) {
  JournalReader reader(segment, path.snapshot);
  while (const auto record = reader.next()) store.records.add(trial_id(record->trial), *record);
  if (reader.provenance()) store.provenance = *reader.provenance();
  if (const std::uint64_t rest = reader.unread(); rest > 0)
    store.torn_tails.push_back(segment.filename().string() + ": its last " + to_text(rest) +
                               " bytes are not whole records; their trials count as not run");
}

/// Nothing if the snapshot was replaced meanwhile.
std::optional<LoadedStore> try_load(const StorePath& path) {
  LoadedStore store;
  const FileDescriptor snapshot = open_if_there(path.snapshot);
  store.has_snapshot = static_cast<bool>(snapshot);
  if (snapshot) {
    StoreContents contents = read_snapshot(snapshot, path.snapshot);
    store.provenance = std::move(contents.provenance);
    add_all(store, std::move(contents.records));
  }
  for (const fs::path& segment : journal_segments(path.journal)) {
    store.has_journal = true;
    try {
      add_segment(store, segment, path);
    } catch (const std::system_error& error) {
      if (error.code() != std::errc::no_such_file_or_directory) throw;
    }
  }
  if (identity_of(path.snapshot) != identity_of(snapshot, path.snapshot)) return std::nullopt;
  return store;
}

}  // namespace

LoadedStore load_store(const StorePath& path) {
  constexpr int tries = 1000;  // snapshots are 30 s apart, except where short runs follow each other
  try {
    for (int i = 0; i < tries; ++i)
      if (auto store = try_load(path)) return std::move(*store);
  } catch (const std::system_error& error) {
    throw invalid_store(path.snapshot, std::string("cannot be read: ") + error.what());
  }
  throw std::runtime_error("store " + printable(path.snapshot.string()) + " is replaced faster than it can be read");
}

StoreContents read_store(const fs::path& name) {
  const StorePath path = resolve_store_path(name);
  LoadedStore store = load_store(path);
  if (!store.has_snapshot && !fs::is_directory(path.journal)) throw invalid_store(name, "does not exist");
  return {std::move(store.provenance), sorted_by_id(store.records.records()), std::move(store.torn_tails)};
}

}  // namespace memscale
