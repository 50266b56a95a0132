#include "memscale/store/catalog.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <utility>

#include "memscale/core/bytes.hpp"

namespace memscale {

namespace {

void require(bool holds, const std::string& why) {
  if (!holds) throw std::out_of_range("catalog: " + why);
}

bool fits(ValueKind kind, std::uint32_t size) {
  switch (kind) {
    case ValueKind::real:
    case ValueKind::integer:
      return size == 8;
    case ValueKind::code:
      return size == 4;
    case ValueKind::text:
      return size >= 1 && size <= largest_chunk;
  }
  return false;
}

bool is_grid(const ChunkGrid& grid, std::uint32_t value_size) {
  const auto is_side = [](std::uint64_t length) { return length >= 1 && length <= largest_chunk; };
  return is_side(grid.chunk_rows) && is_side(grid.chunk_columns) &&
         grid.chunk_rows * grid.chunk_columns <= largest_chunk / value_size;
}

/// Throws unless the chunk lies in the grid and in the file, behind `before`.
void require_chunk(const CatalogTable& table, const StoredChunk& chunk, const StoredChunk* before,
                   std::uint64_t content) {
  const std::uint64_t across = table.grid.across();
  require(across > 0 && chunk.index / across < table.grid.down() && (!before || before->index < chunk.index),
          table.name + " has a chunk in no place");
  // Compression never adds more than some bytes to each block of 64 kB.
  require(chunk.size > 0 && chunk.size <= table.chunk_bytes() + table.chunk_bytes() / 8 + 64 &&
              chunk.address <= content && chunk.size <= content - chunk.address,
          table.name + " has a chunk that is not in the file");
}

CatalogTable decode_table(ByteReader& in, std::uint64_t content) {
  CatalogTable table;
  in.get(table.name);
  in.get(table.kind);
  in.get(table.value_size);
  table.grid = decode<ChunkGrid>(in);
  require(fits(table.kind, table.value_size) && is_grid(table.grid, table.value_size),
          "a dataset of no possible chunks");
  std::uint32_t count = 0;
  in.get(count);
  for (; count > 0; --count) {
    const auto chunk = decode<StoredChunk>(in);
    require_chunk(table, chunk, table.chunks.empty() ? nullptr : &table.chunks.back(), content);
    table.chunks.push_back(chunk);
  }
  return table;
}

/// Chunks that shared bytes could hold more than the file's length allows for.
void require_own_bytes(const Catalog& catalog) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> parts;
  for (const CatalogTable& table : catalog.tables)
    for (const StoredChunk& chunk : table.chunks) parts.emplace_back(chunk.address, chunk.address + chunk.size);
  std::sort(parts.begin(), parts.end());
  for (std::size_t i = 1; i < parts.size(); ++i)
    require(parts[i].first >= parts[i - 1].second, "two chunks at one place");
}

constexpr std::uint64_t most_numbers = 8192;  // of a chunk: 64 kB of 8 bytes each

}  // namespace

ChunkGrid column_grid(std::uint64_t rows, std::size_t value_size) {
  const std::uint64_t fitting = std::bit_floor(std::max<std::uint64_t>(largest_chunk / value_size, 1));
  return {rows, 1, std::clamp<std::uint64_t>(rows, 1, std::min(most_numbers, fitting)), 1};
}

ChunkGrid table_grid(std::uint64_t rows, std::uint64_t columns, std::uint64_t mean_length) {
  constexpr std::uint64_t narrow = 64;
  const auto upto = [](std::uint64_t length) { return std::clamp<std::uint64_t>(length, 1, most_numbers); };
  const std::uint64_t for_few_rows = most_numbers / std::bit_ceil(upto(rows));
  const std::uint64_t wide = std::max({narrow, for_few_rows, std::bit_floor(upto(mean_length))});
  const std::uint64_t chunk_columns = std::clamp<std::uint64_t>(columns, 1, wide);
  const std::uint64_t chunk_rows = std::bit_floor(most_numbers / chunk_columns);
  return {rows, columns, std::clamp<std::uint64_t>(rows, 1, chunk_rows), chunk_columns};
}

const CatalogTable* Catalog::find(std::string_view name) const {
  const auto found =
      std::find_if(tables.begin(), tables.end(), [&](const CatalogTable& table) { return table.name == name; });
  return found == tables.end() ? nullptr : &*found;
}

std::vector<std::byte> encode_catalog(const Catalog& catalog) {
  ByteWriter out;
  out.put(static_cast<std::uint32_t>(catalog.provenance.jobs.size()));
  for (const JobEntry& job : catalog.provenance.jobs) encode(out, job);
  out.put(catalog.provenance.command_line);
  out.put(catalog.rows);
  out.put(static_cast<std::uint32_t>(catalog.tables.size()));
  for (const CatalogTable& table : catalog.tables) {
    out.put(table.name);
    out.put(table.kind);
    out.put(table.value_size);
    encode(out, table.grid);
    out.put(static_cast<std::uint32_t>(table.chunks.size()));
    for (const StoredChunk& chunk : table.chunks) encode(out, chunk);
  }
  return out.bytes();
}

Catalog decode_catalog(std::span<const std::byte> bytes, std::uint64_t content) {
  ByteReader in(bytes);
  Catalog catalog;
  std::uint32_t count = 0;
  in.get(count);
  for (; count > 0; --count) catalog.provenance.jobs.push_back(decode<JobEntry>(in));
  in.get(catalog.provenance.command_line);
  in.get(catalog.rows);
  in.get(count);
  for (; count > 0; --count) catalog.tables.push_back(decode_table(in, content));
  require(in.at_end(), "surplus bytes");
  require_own_bytes(catalog);
  return catalog;
}

}  // namespace memscale
