#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "memscale/store/provenance.hpp"

namespace memscale {

/// What the values of a dataset are: f64, i64, i32, or text of a fixed length that is padded with NUL.
enum class ValueKind : std::int32_t { real, integer, code, text };

/// How a dataset is cut into chunks, all of one size: the last ones may reach beyond its end. A one-dimensional dataset
/// has one column.
struct ChunkGrid {
  std::uint64_t rows = 0, columns = 1;
  std::uint64_t chunk_rows = 1, chunk_columns = 1;

  /// Chunks above each other, and side by side.
  std::uint64_t down() const { return rows / chunk_rows + (rows % chunk_rows != 0); }
  std::uint64_t across() const { return columns / chunk_columns + (columns % chunk_columns != 0); }
};

template <class T, class F>
requires std::is_same_v<std::remove_const_t<T>, ChunkGrid>
void for_each_field(T& grid, F&& f) {
  f("rows", grid.rows);
  f("columns", grid.columns);
  f("chunk_rows", grid.chunk_rows);
  f("chunk_columns", grid.chunk_columns);
}

/// Bytes of a chunk before compression: more are neither written nor believed.
inline constexpr std::size_t largest_chunk = std::size_t{1} << 17;

/// The grid of a one-dimensional dataset: chunks of 8192 rows, of fewer where values are wide.
ChunkGrid column_grid(std::uint64_t rows, std::size_t value_size);

/// The grid of a table: tiles of up to 8192 numbers, a power of two of rows high and 64 columns wide, which is enough
/// to compress; wider where the table has few rows, or `mean_length` numbers in a row. A few long rows among many short
/// ones so cost no more than themselves.
ChunkGrid table_grid(std::uint64_t rows, std::uint64_t columns, std::uint64_t mean_length);

/// A chunk of the file: place in the grid, row by row, first byte and number of bytes.
struct StoredChunk {
  std::uint64_t index = 0;
  std::uint64_t address = 0;
  std::uint32_t size = 0;
};

template <class T, class F>
requires std::is_same_v<std::remove_const_t<T>, StoredChunk>
void for_each_field(T& chunk, F&& f) {
  f("index", chunk.index);
  f("address", chunk.address);
  f("size", chunk.size);
}

/// A dataset of the HDF5 file. Chunks are compressed as HDF5's filters shuffle and deflate do.
struct CatalogTable {
  std::string name;  ///< "trials/d"
  ValueKind kind = ValueKind::real;
  std::uint32_t value_size = 0;  ///< bytes
  ChunkGrid grid;
  std::vector<StoredChunk> chunks;  ///< ascending by index; those that hold only fill values are left out

  std::size_t chunk_bytes() const { return grid.chunk_rows * grid.chunk_columns * value_size; }
  /// Whether no chunk is left out.
  bool is_complete() const { return chunks.size() == grid.down() * grid.across(); }
};

/// What a snapshot holds, and where: enough to read it without HDF5.
struct Catalog {
  Provenance provenance;
  std::uint64_t rows = 0;  ///< records
  std::vector<CatalogTable> tables;

  /// nullptr if there is none.
  const CatalogTable* find(std::string_view name) const;
};

/// u32 number of jobs, each with its fields; text command line; u64 rows; u32 number of tables, each: text name, i32
/// kind, u32 bytes of a value, the grid's fields, u32 number of chunks, each chunk's fields. Encoded as in ByteWriter.
std::vector<std::byte> encode_catalog(const Catalog& catalog);

/// Reads what encode_catalog wrote, of a file with `content` bytes before it. Throws std::out_of_range unless every
/// table can be one: values of its kind's size, no chunk above largest_chunk, ascending chunks inside its grid, each
/// with bytes of its own inside the content.
Catalog decode_catalog(std::span<const std::byte> bytes, std::uint64_t content);

}  // namespace memscale
