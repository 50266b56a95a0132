#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "memscale/store/catalog.hpp"
#include "memscale/store/chunk_coder.hpp"
#include "memscale/store/file.hpp"

namespace memscale {

/// Reads a dataset of a snapshot by its catalog, keeping the chunks of the rows last asked for. What it is given must
/// outlive it.
class TableReader {
 public:
  TableReader(const FileDescriptor& file, const std::filesystem::path& path, const CatalogTable& table,
              ChunkDecoder& decoder)
      : file_(&file), path_(&path), table_(&table), decoder_(&decoder) {}

  /// How many chunks side by side are kept: 16 MB. What is further right in long rows is read again for each row.
  static constexpr std::uint64_t most_slots = 256;

  const CatalogTable& table() const { return *table_; }

  /// The values of row `row`, of the grid's, in the chunk with number `place` of those side by side; nullptr if that
  /// chunk was left out. Valid until the next call. Throws InputError for a damaged chunk.
  const std::byte* values(std::uint64_t row, std::uint64_t place = 0) {
    if (place < slots_.size()) {
      const Slot& slot = slots_[place];
      if (slot.place == place && row - slot.first_row < slot.rows)
        return slot.values.data() + (row - slot.first_row) * slot.row_bytes;
    }
    return load(row, place);
  }

 private:
  struct Slot {
    std::uint64_t first_row = 0, place = 0;
    std::uint64_t rows = 0;  ///< 0: holds nothing
    std::size_t row_bytes = 0;
    std::vector<std::byte> values;
  };
  const std::byte* load(std::uint64_t row, std::uint64_t place);

  const FileDescriptor* file_;
  const std::filesystem::path* path_;
  const CatalogTable* table_;
  ChunkDecoder* decoder_;
  std::vector<Slot> slots_;
  std::vector<std::byte> encoded_;
};

}  // namespace memscale
