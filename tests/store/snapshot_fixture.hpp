#pragma once

#include <fcntl.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "memscale/core/bytes.hpp"
#include "memscale/store/catalog.hpp"
#include "memscale/store/checksum.hpp"
#include "memscale/store/chunk_coder.hpp"
#include "memscale/store/file.hpp"
#include "memscale/store/sealed_file.hpp"
#include "memscale/store/snapshot.hpp"
#include "store_fixture.hpp"

namespace memscale {

inline SnapshotFile open_snapshot(const std::filesystem::path& path) {
  return {open_file(path, O_RDONLY), path};
}

inline std::vector<Record> read_all(SnapshotFile& file, RecordParts parts = {}) {
  std::vector<Record> records;
  for (const IndexEntry& entry : file.entries()) records.push_back(file.read(entry, parts));
  return records;
}

inline std::vector<Record> read_snapshot(const std::filesystem::path& path) {
  SnapshotFile file = open_snapshot(path);
  return read_all(file);
}

/// Writes the records, checks that they come back bit by bit, and returns the file's size.
inline std::uintmax_t write_and_compare(const std::filesystem::path& path, const std::vector<Record>& records) {
  const RecordSource source = source_of(records);
  write_snapshot(path, make_provenance(), source);
  verify_snapshot(path, source);
  if (!same_records(read_snapshot(path), sorted_by_id(records))) throw std::runtime_error("other records came back");
  return std::filesystem::file_size(path);
}

/// A sealed file taken apart.
struct SnapshotParts {
  std::vector<std::byte> content;
  Catalog catalog;
};

inline std::vector<std::byte> bytes_of_file(const std::filesystem::path& path) {
  std::vector<std::byte> bytes(std::filesystem::file_size(path));
  if (read_at(open_file(path, O_RDONLY), 0, bytes, path) != bytes.size()) throw std::runtime_error("file is short");
  return bytes;
}

inline SnapshotParts take_apart(const std::filesystem::path& path) {
  const Seal seal = read_seal(open_file(path, O_RDONLY), path);
  std::vector<std::byte> bytes = bytes_of_file(path);
  Catalog catalog = decode_catalog(std::span(bytes).subspan(seal.catalog, seal.size - seal.catalog), seal.catalog);
  bytes.resize(seal.catalog);
  return {std::move(bytes), std::move(catalog)};
}

/// write_bytes to a new file: to cut one short and write it again makes some file systems sync it.
inline void rewrite(const std::filesystem::path& path, const std::string& bytes) {
  std::filesystem::remove(path);
  write_bytes(path, bytes);
}

/// Content and catalog as write_sealed puts them into a file, but without syncing it.
inline void put_sealed(const std::filesystem::path& path, std::span<const std::byte> content,
                       std::span<const std::byte> catalog, std::int64_t format = store_format_version) {
  ByteWriter seal, sum;
  seal.put(std::uint64_t{0x45524F54'534D454D});  // "MEMSTORE"
  seal.put(format);
  seal.put(std::uint64_t{content.size() + catalog.size()});
  seal.put(std::uint64_t{content.size()});
  Checksum checksum;
  for (const auto part : {content, catalog, std::span<const std::byte>(seal.bytes())}) checksum.add(part);
  sum.put(checksum.value());
  std::filesystem::remove(path);  // see rewrite
  std::ofstream out(path, std::ios::binary);
  for (const auto part :
       {content, catalog, std::span<const std::byte>(seal.bytes()), std::span<const std::byte>(sum.bytes())})
    out.write(reinterpret_cast<const char*>(part.data()), static_cast<std::streamsize>(part.size()));
}

inline void put_together(const std::filesystem::path& path, const SnapshotParts& parts) {
  put_sealed(path, parts.content, encode_catalog(parts.catalog));
}

/// A few of all kinds.
inline std::vector<Record> some_records() {
  std::vector<Record> records = make_records(4);
  records.push_back(make_failure(5, "no"));
  add_traces(records[2], 3, 50, 2);
  return sorted_by_id(records);
}

inline CatalogTable& table_of(SnapshotParts& parts, const std::string& name) {
  return *std::find_if(parts.catalog.tables.begin(), parts.catalog.tables.end(),
                       [&](const CatalogTable& table) { return table.name == name; });
}

/// Replaces a chunk by `values`, compressed, at the content's end.
inline void replace_chunk(SnapshotParts& parts, const CatalogTable& table, StoredChunk& chunk,
                          const std::vector<std::byte>& values) {
  ChunkEncoder encoder;
  const auto encoded = encoder.encode(values, table.value_size);
  chunk.address = parts.content.size();
  chunk.size = static_cast<std::uint32_t>(encoded.size());
  parts.content.insert(parts.content.end(), encoded.begin(), encoded.end());
}

inline std::vector<std::byte> chunk_values(const SnapshotParts& parts, const CatalogTable& table,
                                           const StoredChunk& chunk) {
  std::vector<std::byte> values(table.chunk_bytes());
  ChunkDecoder decoder;
  if (!decoder.decode(std::span(parts.content).subspan(chunk.address, chunk.size), values, table.value_size))
    throw std::runtime_error("a chunk of its own file cannot be decompressed");
  return values;
}

/// Sets value number `place` of a dataset's first chunk.
template <class Value>
void set_value(SnapshotParts& parts, const std::string& name, Value value, std::size_t place = 0) {
  CatalogTable& table = table_of(parts, name);
  std::vector<std::byte> values = chunk_values(parts, table, table.chunks.at(0));
  std::memcpy(values.data() + place * table.value_size, &value, sizeof value);
  replace_chunk(parts, table, table.chunks[0], values);
}

inline void remove_table(SnapshotParts& parts, const std::string& name) {
  std::erase_if(parts.catalog.tables, [&](const CatalogTable& table) { return table.name == name; });
}

/// Megabytes by which the process's memory rises above what it has now, at most, while `act` runs.
template <class Act>
double peak_memory_of(Act&& act) {
  const auto status = [](const std::string& key) {
    std::ifstream in("/proc/self/status");
    std::string word;
    while (in >> word && word != key) continue;
    double kilobytes = 0;
    in >> kilobytes;
    return kilobytes / 1e3;
  };
  std::ofstream("/proc/self/clear_refs") << 5;  // forgets the peak so far
  const double before = status("VmRSS:");
  act();
  return status("VmHWM:") - before;
}

}  // namespace memscale
