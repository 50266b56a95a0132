#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "memscale/store/catalog.hpp"
#include "memscale/store/sealed_file.hpp"
#include "memscale/store/snapshot.hpp"
#include "memscale/store/store_path.hpp"
#include "row_reader.hpp"

namespace memscale {

namespace fs = std::filesystem;

namespace {

/// What the readers of one open file share.
struct OpenSnapshot {
  FileDescriptor file;
  fs::path path;
  std::int64_t format;
  Catalog catalog;
};

/// What `act` returns. A file that was made to harm must not end the program.
template <class Act>
auto within_memory(const fs::path& path, const Act& act) {
  try {
    return act();
  } catch (const std::bad_alloc&) {
    throw damaged_store(path, "reading it takes too much memory");
  }
}

Catalog read_catalog(const FileDescriptor& file, const Seal& seal, const fs::path& path) {
  std::vector<std::byte> bytes(seal.size - seal.catalog);
  if (read_at(file, seal.catalog, bytes, path) != bytes.size())
    throw damaged_store(path, "it shrinks while it is read");
  try {
    Catalog catalog = decode_catalog(bytes, seal.catalog);
    // Ids and digests are chance, which no compression makes shorter.
    if (catalog.rows > seal.catalog / 4) throw damaged_store(path, "it names more trials than its size explains");
    return catalog;
  } catch (const std::out_of_range& error) {
    throw damaged_store(path, error.what());
  }
}

}  // namespace

struct SnapshotFile::State {
  explicit State(std::shared_ptr<const OpenSnapshot> opened)
      : snapshot(std::move(opened)), rows(snapshot->file, snapshot->path, snapshot->format, snapshot->catalog) {}

  std::shared_ptr<const OpenSnapshot> snapshot;
  RowReader rows;
};

SnapshotFile::SnapshotFile(FileDescriptor file, fs::path path) {
  const Seal seal = check_seal(file, path);
  Catalog catalog = within_memory(path, [&] { return read_catalog(file, seal, path); });
  state_ = std::make_unique<State>(std::make_shared<const OpenSnapshot>(
      OpenSnapshot{std::move(file), std::move(path), seal.format, std::move(catalog)}));
}

SnapshotFile::SnapshotFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
SnapshotFile::~SnapshotFile() = default;

const Provenance& SnapshotFile::provenance() const {
  return state_->snapshot->catalog.provenance;
}

std::vector<IndexEntry> SnapshotFile::entries() {
  return within_memory(state_->snapshot->path, [&] { return state_->rows.entries(); });
}

Record SnapshotFile::read(const IndexEntry& entry, RecordParts parts) {
  return within_memory(state_->snapshot->path, [&] { return state_->rows.read(entry, parts); });
}

std::shared_ptr<RecordFile> SnapshotFile::twin() const {
  return std::shared_ptr<RecordFile>(new SnapshotFile(std::make_unique<State>(state_->snapshot)));
}

}  // namespace memscale
