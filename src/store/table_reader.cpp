#include "table_reader.hpp"

#include <algorithm>

#include "memscale/store/store_path.hpp"

namespace memscale {

const std::byte* TableReader::load(std::uint64_t row, std::uint64_t place) {
  const ChunkGrid& grid = table_->grid;
  const std::uint64_t strip = row / grid.chunk_rows, index = strip * grid.across() + place;
  const auto chunk = std::lower_bound(table_->chunks.begin(), table_->chunks.end(), index,
                                      [](const StoredChunk& c, std::uint64_t i) { return c.index < i; });
  if (row >= grid.rows || place >= grid.across() || chunk == table_->chunks.end() || chunk->index != index)
    return nullptr;
  const std::uint64_t number = std::min(place, most_slots - 1);
  if (number >= slots_.size()) slots_.resize(number + 1);
  Slot& slot = slots_[number];
  slot.rows = 0;
  slot.values.resize(table_->chunk_bytes());
  encoded_.resize(chunk->size);
  if (read_at(*file_, chunk->address, encoded_, *path_) != encoded_.size())
    throw damaged_store(*path_, "it shrinks while it is read");
  if (!decoder_->decode(encoded_, slot.values, table_->value_size))
    throw damaged_store(*path_, "dataset " + table_->name + " has a chunk that cannot be decompressed");
  slot.first_row = strip * grid.chunk_rows;
  slot.place = place;
  slot.rows = grid.chunk_rows;
  slot.row_bytes = grid.chunk_columns * table_->value_size;
  return slot.values.data() + (row - slot.first_row) * slot.row_bytes;
}

}  // namespace memscale
