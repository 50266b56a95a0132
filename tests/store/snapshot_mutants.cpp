#include <functional>
#include <limits>
#include <random>

#include "catch.hpp"
#include "memscale/core/error.hpp"
#include "memscale/experiment/record_bytes.hpp"
#include "snapshot_fixture.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

/// Reads all that the file holds, or is refused: every record that comes back is sound.
bool is_refused(const fs::path& path) {
  try {
    SnapshotFile file = open_snapshot(path);
    for (const Record& record : read_all(file)) require_sound(record);
    return false;
  } catch (const InputError&) {
    return true;
  }
}

/// A few of both models.
std::vector<Record> records_of_both() {
  std::vector<Record> records = some_records();
  for (std::int64_t i = 11; i < 14; ++i) records.push_back(make_orthogonal_record(i));
  return records;
}

/// A number that a hostile file could name.
std::uint64_t hostile_number(std::mt19937_64& random) {
  switch (random() % 5) {
    case 0:
      return random() % 4;
    case 1:
      return std::uint64_t{1} << random() % 64;
    case 2:
      return std::numeric_limits<std::uint64_t>::max() - random() % 4;
    case 3:
      return random() % 10000;
    default:
      return random();
  }
}

using Change = std::function<void(SnapshotParts&, CatalogTable&, std::mt19937_64&)>;

/// Ways to make a file that is sealed, and wrong.
const std::vector<Change> changes{
    [](SnapshotParts& parts, CatalogTable&, std::mt19937_64& random) {
      parts.content[random() % parts.content.size()] = static_cast<std::byte>(random());
    },
    [](SnapshotParts& parts, CatalogTable& table, std::mt19937_64& random) {
      if (table.chunks.empty()) return;
      StoredChunk& chunk = table.chunks[random() % table.chunks.size()];
      parts.content[chunk.address + random() % chunk.size] = static_cast<std::byte>(random());
    },
    [](SnapshotParts& parts, CatalogTable& table, std::mt19937_64& random) {
      if (table.chunks.empty()) return;
      StoredChunk& chunk = table.chunks[random() % table.chunks.size()];
      std::vector<std::byte> values = chunk_values(parts, table, chunk);
      values[random() % values.size()] = static_cast<std::byte>(random() % 2 == 0 ? random() : 255 * (random() % 2));
      replace_chunk(parts, table, chunk, values);
    },
    [](SnapshotParts& parts, CatalogTable& table, std::mt19937_64& random) {
      if (table.chunks.empty() || table.value_size != 8) return;
      const std::uint64_t number = hostile_number(random);
      set_value(parts, table.name, number, random() % (table.chunk_bytes() / 8));
    },
    [](SnapshotParts& parts, CatalogTable&, std::mt19937_64& random) { parts.catalog.rows = hostile_number(random); },
    [](SnapshotParts&, CatalogTable& table, std::mt19937_64& random) {
      std::uint64_t* sides[] = {&table.grid.rows, &table.grid.columns, &table.grid.chunk_rows,
                                &table.grid.chunk_columns};
      *sides[random() % 4] = hostile_number(random);
    },
    [](SnapshotParts& parts, CatalogTable&, std::mt19937_64& random) {
      const std::uint64_t rows = hostile_number(random);
      for (CatalogTable& table : parts.catalog.tables) table.grid.rows = rows;
      parts.catalog.rows = rows;
    },
    [](SnapshotParts& parts, CatalogTable&, std::mt19937_64& random) {
      const std::uint64_t columns = hostile_number(random);
      for (CatalogTable& table : parts.catalog.tables)
        if (table.name.starts_with("traces/")) table.grid.columns = columns;
    },
    [](SnapshotParts&, CatalogTable& table, std::mt19937_64& random) {
      table.kind = static_cast<ValueKind>(random() % 5);
      table.value_size = static_cast<std::uint32_t>(hostile_number(random));
    },
    [](SnapshotParts&, CatalogTable& table, std::mt19937_64& random) {
      if (!table.chunks.empty())
        table.chunks.erase(table.chunks.begin() + static_cast<long>(random() % table.chunks.size()));
    },
    [](SnapshotParts&, CatalogTable& table, std::mt19937_64& random) {
      if (table.chunks.empty()) return;
      StoredChunk& chunk = table.chunks[random() % table.chunks.size()];
      if (random() % 3 == 0) chunk.index = hostile_number(random);
      if (random() % 3 == 0) chunk.address = hostile_number(random);
      if (random() % 3 == 0) chunk.size = static_cast<std::uint32_t>(hostile_number(random));
    },
    [](SnapshotParts& parts, CatalogTable& table, std::mt19937_64& random) {
      std::swap(table.chunks, parts.catalog.tables[random() % parts.catalog.tables.size()].chunks);
    },
    [](SnapshotParts& parts, CatalogTable& table, std::mt19937_64& random) {
      std::swap(table.name, parts.catalog.tables[random() % parts.catalog.tables.size()].name);
    },
    [](SnapshotParts& parts, CatalogTable& table, std::mt19937_64&) { remove_table(parts, std::string(table.name)); },
    [](SnapshotParts& parts, CatalogTable&, std::mt19937_64& random) {
      parts.content.resize(random() % parts.content.size());
      for (char c : std::string("HDF\r\n\x1a\n")) parts.content.push_back(static_cast<std::byte>(c));
    }};

}  // namespace

TEST_CASE("snapshots that are sealed but changed at random are refused, or hold sound records") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  write_snapshot(path, make_provenance(), source_of(records_of_both()));
  const SnapshotParts whole = take_apart(path);
#ifdef MEMSCALE_SANITIZE
  constexpr int mutants = 1500;
#else
  constexpr int mutants = 4000;
#endif
  std::mt19937_64 random(11);
  int refused = 0;
  const double peak = peak_memory_of([&] {
    for (int i = 0; i < mutants; ++i) {
      SnapshotParts parts = whole;
      const auto& change = changes[static_cast<std::size_t>(i) % changes.size()];
      change(parts, parts.catalog.tables[random() % parts.catalog.tables.size()], random);
      put_together(path, parts);
      refused += is_refused(path);
    }
  });
  CHECK(refused > mutants / 2);
#ifndef MEMSCALE_SANITIZE
  CHECK(peak < 200);
#else
  static_cast<void>(peak);
#endif
}

TEST_CASE("catalogs whose bytes are changed at random are refused, or lead to sound records") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  write_snapshot(path, make_provenance(), source_of(records_of_both()));
  const SnapshotParts whole = take_apart(path);
  const std::vector<std::byte> catalog = encode_catalog(whole.catalog);
  std::mt19937_64 random(12);
  for (int i = 0; i < 1000; ++i) {
    std::vector<std::byte> changed = catalog;
    for (std::uint64_t k = 1 + random() % 3; k > 0; --k)
      changed[random() % changed.size()] = static_cast<std::byte>(random() % 3 == 0 ? 255 : random() % 256);
    if (random() % 10 == 0) changed.resize(random() % changed.size());
    put_sealed(path, whole.content, changed);
    is_refused(path);
  }
}
